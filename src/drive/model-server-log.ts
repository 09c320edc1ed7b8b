import type { ModelServer, StartStage } from '../upgrade/health.ts';

export type LoadingModel = {
  readonly stage: Extract<StartStage, 'downloading-model' | 'loading-model' | 'warming-up'>;
  readonly server?: ModelServer;
  readonly percent?: number;
};

/** By what a server gives itself away. SGLang comes before vLLM, whose loader of weights it uses, with its lines. */
const SERVERS: readonly (readonly [server: ModelServer, line: RegExp])[] = [
  ['TGI', /\btext_generation_(?:launcher|router)/],
  [
    'Triton',
    /\b(?:model_lifecycle|model_repository_manager)\.cc\b|\bTRITONBACKEND_|Initializing Triton Inference Server/,
  ],
  [
    'SGLang',
    /\bsglang\b|\bLoad weight (?:begin|end)\b|\bCapture cuda graph (?:begin|end)\b|\bserver_args=ServerArgs\(/,
  ],
  [
    'vLLM',
    /\bvllm\b|\bEngineCore|\bgpu_model_runner\.py\b|Loading (?:safetensors|pt) checkpoint shards|Capturing CUDA graph/i,
  ],
];

/** What a server does, by what it writes when it begins to. */
const STAGES: readonly (readonly [stage: LoadingModel['stage'], line: RegExp])[] = [
  ['downloading-model', /Starting check and download|\bDownload(?:ing)? (?:file|shards)\b|\bFetching \d+ files\b/],
  [
    'loading-model',
    /Loading (?:safetensors|pt) checkpoint shards|Starting to load model|Starting model loading|\bLoad weight begin\b|Starting shard\b|Waiting for shard to be ready|model_(?:lifecycle|repository_manager)\.cc:\d+\] "?loading: |TRITONBACKEND_Model(?:Instance)?Initialize/,
  ],
  [
    'warming-up',
    /\bLoad weight end\b|Loading (?:model )?weights took|Model loading took|Capturing (?:the model for )?CUDA graphs?\b|Capture cuda graph begin|Capturing batches|\btorch\.compile\b|Dynamo bytecode transform|Warming up model|Shard ready in/,
  ],
];

/**
 * What a model server is about, by the last line of its log that says so: vLLM, SGLang, TGI (text-generation-inference)
 * and Triton. Undefined where no line is known. A download or a load tells its share: `25% Completed | 1/4`.
 */
export const loadingModel = (lines: readonly string[]): LoadingModel | undefined => {
  for (const line of lines.toReversed()) {
    const stage = STAGES.find(([, known]) => known.test(line))?.[0];
    if (stage === undefined) continue;
    const server = SERVERS.find(([, known]) => lines.some((each) => known.test(each)))?.[0];
    // A bar of progress is written over itself: its last state is the last of the line.
    const percent = [...line.matchAll(/(\d{1,3})%/g)].at(-1)?.[1];
    return {
      stage,
      ...(server !== undefined && { server }),
      ...(percent !== undefined && { percent: Number(percent) }),
    };
  }
  return undefined;
};
