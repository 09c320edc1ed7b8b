import { describe, expect, it } from 'vitest';
import { loadingModel } from '../../src/drive/model-server-log.ts';

/** Lines as these servers write them. */
const table: readonly [what: string, lines: readonly string[], expected: object | undefined][] = [
  [
    'vLLM that loads',
    [
      '(EngineCore_DP0 pid=164) INFO 01-23 15:48:47 [gpu_model_runner.py:2602] Starting to load model Qwen/Qwen3-8B...',
      'Loading safetensors checkpoint shards:  40% Completed | 2/5 [00:04<00:06,  2.10s/it]',
    ],
    { stage: 'loading-model', server: 'vLLM', percent: 40 },
  ],
  [
    'vLLM that warms up',
    [
      'INFO [gpu_model_runner.py:2653] Model loading took 15.3 GiB',
      'Capturing CUDA graph shapes:  57%|#####     | 20/35',
    ],
    { stage: 'warming-up', server: 'vLLM', percent: 57 },
  ],
  [
    'SGLang that loads, by the loader of vLLM',
    [
      '[2026-02-26 05:20:20 TP7] Load weight begin. avail mem=283.62 GB',
      'Loading safetensors checkpoint shards:  50% Completed | 1/2 [00:00<00:00,  2.34it/s]',
    ],
    { stage: 'loading-model', server: 'SGLang', percent: 50 },
  ],
  [
    'SGLang that warms up',
    ['[2025-05-02 16:14:33] Capture cuda graph begin. This can take up to several minutes. avail mem=0.00 GB'],
    { stage: 'warming-up', server: 'SGLang' },
  ],
  [
    'TGI that downloads',
    ['2024-09-03T04:37:01.632012Z  INFO text_generation_launcher: Download file: model-00001-of-00004.safetensors'],
    { stage: 'downloading-model', server: 'TGI' },
  ],
  [
    'TGI that loads',
    [
      '2025-07-04T12:35:19.889835Z  INFO shard-manager: text_generation_launcher: Waiting for shard to be ready... rank=1',
    ],
    { stage: 'loading-model', server: 'TGI' },
  ],
  [
    'TGI that warms up',
    ['2024-09-03T04:39:43.188852Z  INFO text_generation_router_v3: Warming up model'],
    { stage: 'warming-up', server: 'TGI' },
  ],
  [
    'Triton that loads',
    ['I1127 05:39:31.428902 1 model_lifecycle.cc:461] loading: resnet50:1'],
    { stage: 'loading-model', server: 'Triton' },
  ],
  [
    'Triton that loads, in quotes',
    ['I0602 21:22:32.942582 23 model_lifecycle.cc:473] "loading: lr:1"'],
    { stage: 'loading-model', server: 'Triton' },
  ],
  ['any other server', ['listening on 8080', '100% done'], undefined],
  ['a server that has not written yet', [], undefined],
];

describe('what a model server is about', () => {
  it.each(table)('%s', (_, lines, expected) => {
    expect(loadingModel(lines)).toEqual(expected);
  });
});
