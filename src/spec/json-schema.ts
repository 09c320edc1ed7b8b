import { toJSONSchema, union, type ZodType } from 'zod';
import { operatorFormat } from './operator-format.ts';
import { ownFormat } from './own-format.ts';

/** A JSON Schema (2020-12) of what a file may say, defaults and descriptions with it. */
export const jsonSchemaOf = (schema: ZodType, title: string): object => ({
  title,
  ...toJSONSchema(schema, { io: 'input' }),
});

/** Of a spec file, in either format. */
export const specJsonSchema = (): object =>
  jsonSchemaOf(union([ownFormat.schema, operatorFormat.schema]), 'A DeploymentUpgrade, as dupgrade reads it');
