import type { Command } from 'commander';
import type { Act } from './act.ts';
import type { Session } from './session.ts';

/** Puts onto a command what it takes and what it does. */
export type Define = (command: Command, session: Session, act: Act) => void;

export type CommandEntry = {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  /** The heading under which the help lists it. */
  readonly group: 'Upgrade:' | 'Before:' | 'Look:' | 'Steer:' | 'More:';
  /** Loads what the command needs: the others are only listed, and cost nothing. */
  readonly load: () => Promise<Define>;
};

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'begin an upgrade, or go on with an unfinished one',
    group: 'Upgrade:',
    load: async () => (await import('./start.ts')).addStart,
  },
  {
    name: 'resume',
    summary: 'go on, to the targets of the spec',
    group: 'Upgrade:',
    load: async () => (await import('./resume.ts')).addResume,
  },
  {
    name: 'rollback',
    summary: 'go back to the counts before the start',
    group: 'Upgrade:',
    load: async () => (await import('./resume.ts')).addRollback,
  },
  {
    name: 'init',
    summary: 'write a spec file from what the cluster has, and make grey from main',
    group: 'Before:',
    load: async () => (await import('./init.ts')).addInit,
  },
  {
    name: 'check',
    summary: 'look for what speaks against an upgrade before it begins',
    group: 'Before:',
    load: async () => (await import('./check.ts')).addCheck,
  },
  {
    name: 'plan',
    summary: 'show the way there before going it',
    group: 'Before:',
    load: async () => (await import('./plan.ts')).addPlan,
  },
  {
    name: 'rehearse',
    summary: 'run an upgrade on a copy of the cluster, before touching it',
    group: 'Before:',
    load: async () => (await import('./rehearse.ts')).addRehearse,
  },
  {
    name: 'sandbox',
    summary: 'serve a cluster in memory, to try everything without one',
    group: 'Before:',
    load: async () => (await import('./sandbox.ts')).addSandbox,
  },
  {
    name: 'rbac',
    summary: 'print the rights that it takes, as Role and RoleBinding',
    group: 'Before:',
    load: async () => (await import('./rbac.ts')).addRbac,
  },
  {
    name: 'status',
    summary: 'show where an upgrade is, and who drives it',
    group: 'Look:',
    load: async () => (await import('./status.ts')).addStatus,
  },
  {
    name: 'wait',
    summary: 'wait until an upgrade is done, held, or has come so far',
    group: 'Look:',
    load: async () => (await import('./wait.ts')).addWait,
  },
  {
    name: 'list',
    alias: 'ls',
    summary: 'list the upgrades of a namespace, or of all',
    group: 'Look:',
    load: async () => (await import('./list.ts')).addList,
  },
  {
    name: 'history',
    summary: 'show past upgrades, and what was done when and by whom',
    group: 'Look:',
    load: async () => (await import('./history.ts')).addHistory,
  },
  {
    name: 'report',
    summary: 'tell how an upgrade went: its curves, its steps, its stalls',
    group: 'Look:',
    load: async () => (await import('./report.ts')).addReport,
  },
  {
    name: 'set-target',
    summary: 'set other targets, or another way there, at any moment',
    group: 'Steer:',
    load: async () => (await import('./set-target.ts')).addSetTarget,
  },
  {
    name: 'pause',
    summary: 'hold an upgrade where it is',
    group: 'Steer:',
    load: async () => (await import('./hold.ts')).addPause,
  },
  {
    name: 'abort',
    summary: 'end an upgrade, leaving everything as it stands',
    group: 'Steer:',
    load: async () => (await import('./hold.ts')).addAbort,
  },
  {
    name: 'completion',
    summary: 'print what makes a shell complete the command line',
    group: 'More:',
    load: async () => (await import('./completion.ts')).addCompletion,
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema: of the spec file, of scenarios or of the events',
    group: 'More:',
    load: async () => (await import('./schema.ts')).addSchema,
  },
  {
    name: 'version',
    summary: 'print the version of this program and of the cluster',
    group: 'More:',
    load: async () => (await import('./version.ts')).addVersion,
  },
];

/** The command that a command line begins with, or that it asks help for; none where it says something of the program. */
export const commandAsked = ([first, second]: readonly string[]): CommandEntry | 'none' => {
  const asked = first === 'help' ? second : first;
  return COMMANDS.find(({ name, alias }) => asked === name || (alias !== undefined && asked === alias)) ?? 'none';
};
