/** Plugins of every kind with passwords, and configurations that give them some. */
import { type Converter, converter, predicate, transform } from '../../lib/plugin.ts'
import { exampleSource } from './example-plugins.ts'

export const SECRET = 'hunter2'

export const SOURCE = {
  'connector.class': exampleSource.name,
  'database.url': 'jdbc:mysql://db/shop',
  'database.username': 'app',
  'database.password': SECRET,
  'database.tables': 'orders',
}

export const registryConverter: Converter = converter({
  name: 'test.RegistryConverter',
  version: '1',
  doc: 'A converter with a password.',
  config: {
    'auth.password': { type: 'password', importance: 'low', default: '', doc: 'A password.' },
  },
  configure: () => {
    throw new Error('the REST API converts nothing')
  },
})

export const SECRETS = {
  ...SOURCE,
  'value.converter': 'test.RegistryConverter',
  'value.converter.auth.password': SECRET,
  'producer.override.sasl.jaas.config': SECRET,
}

const config = {
  key: { type: 'password', importance: 'low', default: '', doc: 'A password.' },
} as const

export const encrypting = [
  transform({
    name: 'test.Encrypt',
    version: '1',
    doc: 'A transform with a password.',
    config,
    configure: () => {
      throw new Error('the REST API transforms nothing')
    },
  }),
  predicate({
    name: 'test.IsSigned',
    version: '1',
    doc: 'A predicate with a password.',
    config,
    configure: () => {
      throw new Error('the REST API tests nothing')
    },
  }),
]

export const CHAIN = {
  ...SECRETS,
  transforms: 'a',
  'transforms.a.type': 'test.Encrypt',
  'transforms.a.key': SECRET,
  'transforms.b.c.type': 'test.Encrypt',
  'transforms.b.c.key': SECRET,
  predicates: 'p',
  'predicates.p.type': 'test.IsSigned',
  'predicates.p.key': SECRET,
}
