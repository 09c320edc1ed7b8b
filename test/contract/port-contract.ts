/** What every adapter of the port keeps. The real API server has the last word: where another differs, it is wrong. */
import { describe } from 'vitest';
import type { Contracted } from './contracted.ts';
import { followContract } from './follow-contract.ts';
import { requestContract } from './request-contract.ts';
import { workloadContract } from './workload-contract.ts';

export const portContract = (name: string, make: () => Promise<Contracted>): void => {
  describe(`${name} keeps the contract of the port`, () => {
    requestContract(make);
    followContract(make);
    workloadContract(make);
  });
};
