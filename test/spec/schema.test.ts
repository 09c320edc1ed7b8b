import { describe, expect, it } from 'vitest';
import { toJSONSchema } from 'zod';
import { operatorFormat } from '../../src/spec/operator-format.ts';
import { ownFormat } from '../../src/spec/own-format.ts';

describe('the schema of a format', () => {
  it("can be had as JSON schema, for dupgrade's own", () => {
    expect(toJSONSchema(ownFormat.schema, { io: 'input' })).toMatchObject({
      required: ['apiVersion', 'kind', 'metadata', 'spec'],
      additionalProperties: false,
      properties: {
        apiVersion: { const: 'dupgrade.dev/v1' },
        spec: {
          required: ['main', 'grey'],
          properties: {
            main: { required: ['deployment', 'target'], properties: { target: { minimum: 0, maximum: 2147483647 } } },
            mode: { default: 'scaleOutPriority', enum: ['scaleOutPriority', 'scaleInPriority', 'scaleSimultaneously'] },
            step: { default: 1, anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'object' }] },
            progressDeadline: { default: '10m', type: 'string' },
          },
        },
      },
    });
  });

  it("can be had as JSON schema, for the original operator's", () => {
    expect(toJSONSchema(operatorFormat.schema, { io: 'input' })).toMatchObject({
      properties: {
        apiVersion: { const: 'upgrade.github.com/v1' },
        spec: { required: ['originStageTarget', 'nextGenStageTarget', 'originDeployName', 'nextDeployName'] },
        status: {},
      },
    });
  });
});
