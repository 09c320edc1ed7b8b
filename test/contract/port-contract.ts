/** What every adapter of the port keeps. The real API server has the last word: where another differs, it is wrong. */
import { describe } from 'vitest';
import type { Contracted } from './contracted.ts';
import { followContract } from './follow-contract.ts';
import { requestContract } from './request-contract.ts';
import { type Guarded, rightsContract } from './rights-contract.ts';
import { standstillContract } from './standstill-contract.ts';
import { workloadContract } from './workload-contract.ts';

export const portContract = (name: string, make: () => Promise<Contracted>): void => {
  describe(`${name} keeps the contract of the port`, () => {
    requestContract(make);
    followContract(make);
    workloadContract(make);
    standstillContract(make);
  });
};

/** The same, and for users of whom not everybody may do everything. */
export const guardedContract = (name: string, make: () => Promise<Guarded>): void => {
  portContract(name, make);
  describe(`${name} keeps out who has no rights`, () => {
    rightsContract(make);
  });
};
