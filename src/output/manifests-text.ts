import { renderStructured } from './structured.ts';

/** Manifests as `kubectl apply -f -` takes them: YAML documents, or one JSON List. */
export const renderManifests = async (manifests: readonly object[], format: 'yaml' | 'json'): Promise<string> => {
  if (format === 'json') return await renderStructured({ apiVersion: 'v1', kind: 'List', items: manifests }, 'json');
  const documents = await Promise.all(manifests.map((manifest) => renderStructured(manifest, 'yaml')));
  return documents.join('---\n');
};
