import type { Advice, AdviceReason } from '../upgrade/advice.ts';
import { type Load, RESOURCES, type Resource, type Shortage } from '../upgrade/plan.ts';
import { countText, durationText, listText, memoryText } from './wording.ts';

/** Which mode to take and why, in a few sentences. */
export const adviceText = ({ take, reasons }: Advice): string => {
  const obstacles = reasons.flatMap((reason) => obstacleText(reason) ?? []).join('; ');
  const verdict = take === undefined ? 'no mode gets there as things stand' : `take ${take.mode} with ${take.pacing}`;
  const head = obstacles === '' ? verdict : `${obstacles}: ${verdict}`;
  return [head, ...reasons.flatMap((reason) => meritText(reason) ?? [])].join('. ');
};

const obstacleText = (reason: AdviceReason): string | undefined => {
  if (reason.kind === 'short') return `${reason.mode} needs ${shortageText(reason.shortage)}`;
  if (reason.kind === 'blocked') return `limits.${reason.limit} ends ${reason.mode} short of the targets`;
  return undefined;
};

const meritText = (reason: AdviceReason): string | undefined => {
  switch (reason.kind) {
    case 'keeps-capacity':
      return `At least ${reason.ready} pods stay ready`;
    case 'needs-no-room':
      return `It needs no more room than now; at least ${reason.ready} pods stay ready`;
    case 'room-unknown': {
      const otherwise = reason.mode === 'scaleInPriority' ? '' : '; where they are not, take scaleInPriority';
      return `It needs ${moreText(reason.extra)}, and it is not known whether these are free${otherwise}`;
    }
    case 'smaller-step':
      return `There is room for ${reason.mode} with step ${reason.step}`;
    case 'window': {
      const { typicalMs, slowestMs } = reason.duration ?? { typicalMs: 0, slowestMs: 0 };
      const times = slowestMs > typicalMs ? `: ${durationText(typicalMs)}, or up to ${durationText(slowestMs)}` : '';
      return `window refills a slot as soon as it is free, batch waits for the slowest pod of each step${times}`;
    }
    case 'short':
    case 'blocked':
      return undefined;
  }
};

/** `24 more GPUs, 16 are free`. */
export const shortageText = ({ resource, needed, free }: Shortage): string => {
  if (resource === 'pods') return `room for ${countText(needed, 'more pod')}, there is room for ${free}`;
  return `${amountText(resource, needed, 'more ')}, ${freeText(resource, free)}`;
};

const freeText = (resource: Resource, free: number): string =>
  resource === 'gpus' ? `${free} ${free === 1 ? 'is' : 'are'} free` : `${amountText(resource, free)} is free`;

/** `3 more pods and 24 more GPUs`. */
export const moreText = (extra: Load): string => {
  const resources = RESOURCES.flatMap((resource) => {
    const amount = extra[resource] ?? 0;
    return amount > 0 ? [amountText(resource, amount, 'more ')] : [];
  });
  return listText([...(extra.pods > 0 ? [countText(extra.pods, 'more pod')] : []), ...resources]);
};

/** `24 GPUs`, `1.5 CPUs`, `96Gi of memory`. */
export const amountText = (resource: Resource, amount: number, more = ''): string => {
  switch (resource) {
    case 'gpus':
      return countText(amount, `${more}GPU`);
    case 'cpuMilli':
      return countText(amount / 1000, `${more}CPU`);
    case 'memoryBytes':
      return `${memoryText(amount)} of ${more}memory`;
  }
};
