import { amountOf } from '../quantity.ts';
import type { VirtualNode } from './objects.ts';
import { GPU } from './room.ts';
import type { Room } from './scenario.ts';

type Amounts = Room & { readonly pods: number };

/** The labels that a pod's node must have. */
export type NodeSelector = Readonly<Record<string, string>> | undefined;

const NONE: Amounts = { cpuMilli: 0, memoryBytes: 0, gpus: 0, pods: 0 };

/** The scheduler's words for what a node has too little of. */
const WORDS: Readonly<Record<keyof Amounts, string>> = {
  cpuMilli: 'Insufficient cpu',
  memoryBytes: 'Insufficient memory',
  gpus: `Insufficient ${GPU}`,
  pods: 'Too many pods',
};

const RESOURCES = ['cpuMilli', 'memoryBytes', 'gpus', 'pods'] as const;

/** The room of a node, and what of it is taken: by every pod that is bound to it and not gone. */
export class NodeRoom {
  readonly name: string;
  /** Its place among the nodes, in the order in which they were made. */
  readonly number: number;
  readonly #has: Amounts;
  readonly #labels: Readonly<Record<string, string>>;
  #taken: Amounts = NONE;
  #freeShare: number;
  /** It falls silent: nothing is put on it. */
  isTainted = false;

  constructor({ metadata, status }: VirtualNode, number: number) {
    this.name = metadata.name;
    this.number = number;
    this.#labels = metadata.labels ?? {};
    const amount = (resource: string): number => amountOf(status.allocatable[resource] ?? '0') ?? 0;
    this.#has = {
      cpuMilli: Math.round(amount('cpu') * 1000),
      memoryBytes: amount('memory'),
      gpus: amount(GPU),
      pods: amount('pods'),
    };
    this.#freeShare = this.#shareThatIsFree();
  }

  take(room: Room, by: 1 | -1): void {
    const { cpuMilli, memoryBytes, gpus, pods } = this.#taken;
    this.#taken = {
      cpuMilli: cpuMilli + by * room.cpuMilli,
      memoryBytes: memoryBytes + by * room.memoryBytes,
      gpus: gpus + by * room.gpus,
      pods: pods + by,
    };
    this.#freeShare = this.#shareThatIsFree();
  }

  fits(room: Room, selector: NodeSelector): boolean {
    const [has, taken] = [this.#has, this.#taken];
    return (
      !this.isTainted &&
      this.#isSelected(selector) &&
      taken.pods < has.pods &&
      taken.gpus + room.gpus <= has.gpus &&
      taken.cpuMilli + room.cpuMilli <= has.cpuMilli &&
      taken.memoryBytes + room.memoryBytes <= has.memoryBytes
    );
  }

  #isSelected(selector: NodeSelector): boolean {
    if (selector === undefined) return true;
    return Object.entries(selector).every(([key, value]) => this.#labels[key] === value);
  }

  /** From 0 (full) to 1 (empty), in CPU and memory: the scheduler's LeastAllocated looks at no others. */
  get freeShare(): number {
    return this.#freeShare;
  }

  #shareThatIsFree(): number {
    const [has, taken] = [this.#has, this.#taken];
    // Pods that ask for nothing count by their number, so that they spread, too.
    return (
      shareOf(taken.cpuMilli, has.cpuMilli) +
      shareOf(taken.memoryBytes, has.memoryBytes) +
      shareOf(taken.pods, has.pods) / 1000
    );
  }

  /** Why a pod does not fit, and whether it would if others were gone. */
  refusal(room: Room, selector: NodeSelector): { readonly reasons: readonly string[]; readonly couldFit: boolean } {
    if (this.isTainted) return { reasons: ['node(s) had untolerated taint(s)'], couldFit: false };
    if (!this.#isSelected(selector))
      return { reasons: ["node(s) didn't match Pod's node affinity/selector"], couldFit: false };
    const asked: Amounts = { ...room, pods: 1 };
    const short = RESOURCES.filter((each) => asked[each] > 0 && this.#taken[each] + asked[each] > this.#has[each]);
    return {
      reasons: short.map((each) => WORDS[each]),
      couldFit: RESOURCES.every((each) => asked[each] <= this.#has[each]),
    };
  }
}

const shareOf = (used: number, of: number): number => (of === 0 ? 0 : 1 - used / of);
