import { type Descriptions, json, listOf, mapOf, named, unreadable } from './description.ts'

const NO_ADMIN = 'This worker has no loggers to set, or has them elsewhere'

export const WORKER: Descriptions = {
  'GET /': {
    summary: 'The version of Kafka Connect that is spoken here, and the Kafka cluster',
    answers: { 200: json('The worker', named('ServerInfo')) },
  },
  'GET /health': {
    summary: 'Whether the worker can answer requests',
    answers: {
      200: json('It can', named('WorkerStatus')),
      500: json('It cannot', named('WorkerStatus')),
      503: json('It cannot yet', named('WorkerStatus')),
    },
  },
  'GET /openapi.json': {
    summary: 'This document',
    answers: { 200: json('An OpenAPI document', mapOf({})) },
  },
  'GET /admin/loggers': {
    summary: 'The levels of all loggers',
    answers: { 200: json('Levels by logger', mapOf(named('LoggerLevel'))), 404: NO_ADMIN },
  },
  'GET /admin/loggers/{logger}': {
    summary: 'The level of a logger',
    answers: { 200: json('Its level', named('LoggerLevel')), 404: 'There is no such logger' },
  },
  'PUT /admin/loggers/{logger}': {
    summary: 'Sets the level of a logger and of those below it',
    query: {
      scope: {
        type: 'string',
        default: 'worker',
        examples: ['cluster'],
        description: 'cluster: of every worker',
      },
    },
    body: {
      ...mapOf({ type: ['string', 'number', 'boolean', 'null'] }),
      properties: { level: { type: 'string', examples: ['DEBUG'] } },
      required: ['level'],
    },
    answers: {
      200: json('The loggers whose level it is now', listOf({ type: 'string' })),
      204: 'It is told to every worker',
      400: 'No level is given',
      404: 'There is no such level',
      500: unreadable(),
    },
  },
}
