/** What holds where a spec file is silent. */
export const DEFAULT_MODE = 'scaleOutPriority';
export const DEFAULT_STEP = 1;
export const DEFAULT_PACING = 'window';
export const DEFAULT_PROGRESS_DEADLINE = '10m';
export const DEFAULT_POD_REPLACEMENT_POLICY = 'TerminationComplete';
