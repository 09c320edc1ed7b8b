import type { output, ZodType } from 'zod';
import type { PerSide } from '../upgrade/side.ts';
import type { UpgradeSpec } from '../upgrade/spec.ts';
import type { Path } from './path.ts';

/** The apiVersions of all formats: a misspelt one is nearest to one of these. */
export const API_VERSIONS = ['dupgrade.dev/v1', 'upgrade.github.com/v1'] as const;

export const KINDS = ['DeploymentUpgrade'] as const;

/** Where a format has the fields of which the rules speak that span fields. */
export type Paths = {
  readonly name: Path;
  readonly namespace: Path;
  readonly deployment: PerSide<Path>;
  readonly deploymentNamespace: PerSide<Path>;
  readonly target: PerSide<Path>;
  readonly minReady?: Path;
  readonly maxPods?: Path;
};

/** What zod says is wrong. */
export type Issues = Extract<ReturnType<ZodType['safeParse']>, { success: false }>['error']['issues'];

/** A way to write a spec file. */
export type Format = {
  readonly apiVersion: (typeof API_VERSIONS)[number];
  readonly schema: ZodType;
  readonly paths: Paths;
  /** The spec of a file of this format, or what is wrong. `namespace` is the one of a file that names none. */
  readonly check: (value: unknown, namespace: string) => { readonly spec: UpgradeSpec } | { readonly issues: Issues };
};

export const format = <Schema extends ZodType>(
  apiVersion: Format['apiVersion'],
  schema: Schema,
  paths: Paths,
  specOf: (file: output<Schema>, namespace: string) => UpgradeSpec,
): Format => ({
  apiVersion,
  schema,
  paths,
  check: (value, namespace) => {
    const parsed = schema.safeParse(value, { reportInput: true });
    return parsed.success ? { spec: specOf(parsed.data, namespace) } : { issues: parsed.error.issues };
  },
});
