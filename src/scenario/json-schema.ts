import { jsonSchemaOf } from '../spec/json-schema.ts';
import { schema } from './schema.ts';

/** A JSON Schema of a scenario file. */
export const scenarioJsonSchema = (): object => jsonSchemaOf(schema, 'A Scenario: a cluster for dupgrade sandbox');
