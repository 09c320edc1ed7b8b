import { stringify, type CreateNodeOptions, type DocumentOptions, type ToStringOptions } from 'yaml';

/** A value as YAML. A module of its own, so that only what prints YAML loads the library. */
export const yamlText = (value: unknown, options: DocumentOptions & CreateNodeOptions & ToStringOptions): string =>
  stringify(value, options);
