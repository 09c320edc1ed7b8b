import type { Cluster } from '../cluster/port.ts';
import type { Clock } from '../drive/clock.ts';
import type { CiSystem } from '../output/pipeline/system.ts';
import type { Sink, Terminal } from '../output/terminal.ts';
import type { Program } from '../output/wording.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/sandbox.ts';
import type { Load, Threads } from '../threads/threads.ts';
import type { SharedOptions } from './options.ts';

/** A cluster that a command talks to, and what its kubeconfig says besides. */
export type Connected = {
  readonly cluster: Cluster;
  /** The same cluster for one of several upgrades, which takes its turn among them. */
  readonly lane: () => Cluster;
  /** The namespace of `-n`, else of the context. */
  readonly namespace: string;
  /** The version that the API server says it has, such as v1.36.0. Rejects with a ClusterError. */
  readonly serverVersion: () => Promise<string>;
  /** The namespaces that there are, at most 500. Rejects with a ClusterError. */
  readonly namespaces: () => Promise<readonly string[]>;
  readonly close: () => void | Promise<void>;
};

/** Everything from outside that a command works with. */
export type Session = {
  readonly program: Program;
  readonly out: Sink;
  /** Where errors go. */
  readonly err: Sink;
  /** Whether a person sees `err` in a window. */
  readonly isErrTerminal: boolean;
  readonly terminal: (options: SharedOptions) => Terminal;
  readonly clock: Clock;
  /** The system whose pipeline this process is a step of. */
  readonly ciSystem: CiSystem;
  /** Adds a page of Markdown to what stays behind of a step, where there is a place for it. */
  readonly summarize: ((markdown: string) => void) | undefined;
  /** Who gives commands: `user@host`, or the URL of a CI job. */
  readonly actor: string;
  /** Who drives: the actor and the process. */
  readonly holder: string;
  /**
   * From the first call on, a first SIGINT or SIGTERM does not end the process but aborts this signal, with its name as the
   * reason, so that what was begun can be left in order; a second one ends it at once.
   */
  readonly interruption: () => AbortSignal;
  /**
   * Calls back with each key that is pressed, until the function is called that it answers with; Ctrl-C goes on to be
   * SIGINT. Undefined where nobody can press any: standard input or output is no terminal, or input has ended.
   */
  readonly keys: () => ((pressed: (key: string) => void) => () => void) | undefined;
  /** What a file holds, or standard input for `-`; of one that holds more than `most` bytes, some more. Rejects with a CommandError. */
  readonly readBytes: (file: string, most: number) => Promise<Uint8Array>;
  /** The paths of the files in a folder that may be spec files, sorted; undefined for what is no folder. Rejects with a CommandError. */
  readonly specFilesIn: (path: string) => Promise<readonly string[] | undefined>;
  /** Writes a file, or replaces it; one that is to be new is not there yet. Rejects with a CommandError. */
  readonly writeText: (file: string, text: string, options?: { readonly isNew: boolean }) => Promise<void>;
  /** `isForMany`: for many upgrades at once, of which a process is to take little memory. */
  readonly connect: (
    options: SharedOptions & { readonly timeout?: number; readonly qps?: number; readonly isForMany?: boolean },
  ) => Promise<Connected>;
  /** The names of the kubeconfig's contexts. Rejects with a ClusterError. */
  readonly contexts: (options: { readonly kubeconfig?: string }) => Promise<readonly string[]>;
  /** The script that makes a shell complete command lines, as the package has it. */
  readonly completionScript: (shell: string) => Promise<string>;
  /** Threads for the runs of a rehearsal, as many as the machine has room for. */
  readonly openThreads: (load: Load) => Promise<Threads>;
  /** Serves a cluster in memory on loopback. Rejects with a CommandError where the port cannot be had. */
  readonly openSandbox: (options: Pick<SandboxOptions, 'scenario' | 'speed' | 'port'>) => Promise<Sandbox>;
  /** What comes from standard input, line by line, until the signal aborts. */
  readonly inputLines: (signal: AbortSignal) => AsyncIterable<string>;
};
