import type { Side } from './side.ts';
import type { DeploymentRef } from './spec.ts';

/** Why no grey can be made from a main. */
export type CloneRefusal =
  /** Without a name of a container that there is, and there are several. */
  | { readonly why: 'which-container'; readonly asked?: string; readonly containers: readonly string[] }
  /** Services select by every label of main's selector, so that grey's pods must have them all, as main's have. */
  | {
      readonly why: 'all-labels-serve';
      readonly main: DeploymentRef;
      readonly services: readonly string[];
      readonly labels: readonly string[];
    }
  /** Main's selector has no label with a value of its own that could be another for grey. */
  | { readonly why: 'no-label'; readonly main: DeploymentRef }
  /** Grey's name is to be the value of a label, which has at most 63 characters. */
  | { readonly why: 'name-too-long'; readonly name: string; readonly label: string };

/** Why no spec can be made, nor a grey. */
export type InitRefusal =
  | CloneRefusal
  | { readonly why: 'missing'; readonly side: Side; readonly deployment: DeploymentRef }
  /** What would be made is there already. */
  | { readonly why: 'exists'; readonly deployment: DeploymentRef };
