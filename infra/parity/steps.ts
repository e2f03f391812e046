/** A session of requests as operators, tools and mistakes make them; played to a Kafka Connect worker once, and to ours again and again. */
export type Step = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** text as it is, anything else as JSON */
  readonly body?: unknown
  /** Repeated until the answer's states are these: what went before has taken effect then. */
  readonly until?: Until
}

/** States as a status shows them: of the connector, then of each task; 404: until there is none; or how many entries the answer's only array has; or the level of a logger. */
export type Until =
  | { readonly states: readonly string[] }
  | { readonly status: number }
  | { readonly entries: number }
  | { readonly level: string }

const get = (path: string, headers?: Step['headers']): Step => ({
  method: 'GET',
  path,
  ...(headers && { headers }),
})
const post = (path: string, body?: unknown, headers?: Step['headers']): Step => ({
  method: 'POST',
  path,
  ...(body === undefined ? {} : { body }),
  ...(headers && { headers }),
})
const put = (path: string, body?: unknown, headers?: Step['headers']): Step => ({
  method: 'PUT',
  path,
  ...(body === undefined ? {} : { body }),
  ...(headers && { headers }),
})
const patch = (path: string, body?: unknown): Step => ({ method: 'PATCH', path, body })
const remove = (path: string): Step => ({ method: 'DELETE', path })
const settled = (name: string, ...states: string[]): Step => ({
  ...get(`/connectors/${name}/status`),
  until: { states },
})
const gone = (name: string): Step => ({ ...get(`/connectors/${name}`), until: { status: 404 } })
const statusGone = (name: string): Step => ({
  ...get(`/connectors/${name}/status`),
  until: { status: 404 },
})

/** `{dir}` is a directory that both workers see; it holds lines.txt of three lines. `{run}` makes topic names of this run its own. */
const source = {
  'connector.class': 'FileStreamSource',
  'tasks.max': '1',
  file: '{dir}/lines.txt',
  topic: '{run}-lines',
}
const sink = {
  'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  'tasks.max': '1',
  file: '{dir}/out.txt',
  topics: '{run}-lines',
}
/** Its task fails at the first record: a line is no number. */
const failing = {
  ...source,
  topic: '{run}-numbers',
  transforms: 'n',
  'transforms.n.type': 'org.apache.kafka.connect.transforms.Cast$Value',
  'transforms.n.spec': 'int8',
}

const signed = (algorithm: string): Step['headers'] => ({
  'x-connect-authorization': 'YQ==',
  'x-connect-request-signature-algorithm': algorithm,
})

const cluster: Step[] = [
  get('/'),
  get('//'),
  get('/health'),
  get('/nope'),
  get('/connectors/'),
  get('/connectors'),
  get('/connectors?expand=status'),
  get('/connectors?expand=info&expand=status'),
  get('/connectors?expand=bogus'),
  get('/connectors?expand='),
  get('/connectors?expand=info,status'),
  get('/connectors?expand[]=status'),
  get('/connectors?nonsense=1'),
  { method: 'HEAD', path: '/connectors' },
  { method: 'HEAD', path: '/' },
  { method: 'OPTIONS', path: '/connectors' },
  { method: 'OPTIONS', path: '/connectors/x' },
  { method: 'OPTIONS', path: '/connectors/x/config' },
  { method: 'OPTIONS', path: '/connectors/x/pause' },
  { method: 'OPTIONS', path: '/admin/loggers' },
  { method: 'PUT', path: '/connectors' },
  { method: 'DELETE', path: '/connectors' },
  { method: 'PATCH', path: '/connectors', body: {} },
  { method: 'POST', path: '/' },
  { method: 'DELETE', path: '/connector-plugins' },
  { method: 'POST', path: '/connectors/x/pause' },
  { method: 'GET', path: '/connectors/x/pause' },
  { method: 'GET', path: '/connectors/x/restart' },
  { method: 'PUT', path: '/connectors/x/restart' },
  { method: 'DELETE', path: '/connectors/x/config' },
  get('/connectors', { accept: 'text/html' }),
  get('/connectors', { accept: 'application/vnd.kafka+json' }),
  get('/connectors', { accept: 'application/json' }),
  get('/connectors', { accept: '*/*' }),
  get('/connectors', { accept: 'text/html, application/*;q=0.8' }),
  get('/connectors/nope'),
  get('/connectors/nope/config'),
  get('/connectors/nope/status'),
  get('/connectors/nope/tasks'),
  get('/connectors/nope/tasks/0/status'),
  get('/connectors/nope/tasks/-1/status'),
  get('/connectors/nope/tasks/x/status'),
  get('/connectors/nope/tasks/99999999999/status'),
  get('/connectors/nope/topics'),
  get('/connectors/nope/offsets'),
  get('/connectors/nope/tasks-config'),
  put('/connectors/nope/topics/reset'),
  put('/connectors/nope/pause'),
  put('/connectors/nope/resume'),
  put('/connectors/nope/stop'),
  post('/connectors/nope/restart'),
  post('/connectors/nope/restart?includeTasks=true'),
  post('/connectors/nope/tasks/0/restart'),
  remove('/connectors/nope'),
  patch('/connectors/nope/config', { a: 'b' }),
  patch('/connectors/nope/offsets', { offsets: [{ partition: { a: 1 }, offset: { b: 1 } }] }),
  remove('/connectors/nope/offsets'),
  post('/connectors/nope/tasks', []),
  put('/connectors/nope/fence'),
  post('/connectors/nope/tasks', '{bad'),
  post('/connectors/nope/tasks', [], signed('HmacSHA256')),
  put('/connectors/nope/fence', undefined, signed('HmacSHA256')),
  put('/connectors/nope/fence', undefined, signed('HmacSHA1')),
  put('/connectors/nope/fence', undefined, signed('Nonsense')),
  put('/connectors/nope/fence', undefined, { 'x-connect-authorization': 'YQ==' }),
  { method: 'OPTIONS', path: '/' },
  { method: 'OPTIONS', path: '/health' },
  { method: 'OPTIONS', path: '/nope' },
  { method: 'OPTIONS', path: '/connectors/x/tasks' },
  { method: 'OPTIONS', path: '/connectors/x/offsets' },
  { method: 'OPTIONS', path: '/connectors/x/topics/reset' },
  { method: 'OPTIONS', path: '/connectors', headers: { accept: 'application/json' } },
  { method: 'HEAD', path: '/connectors/nope' },
  { method: 'HEAD', path: '/connectors/x/pause' },
  { method: 'HEAD', path: '/nope' },
]

const text = { 'content-type': 'text/plain' }
const json = { 'content-type': 'application/json' }

const refused: Step[] = [
  post('/connectors', '{bad'),
  post('/connectors', '{"name":'),
  post('/connectors', '[]'),
  post('/connectors', '"text"'),
  post('/connectors', 'null'),
  post('/connectors', '', json),
  post('/connectors'),
  post('/connectors', 'x', text),
  post('/connectors', '{}', { 'content-type': 'application/json; charset=utf-8' }),
  post('/connectors', {}),
  post('/connectors', '{} {bad'),
  post('/connectors', { name: 'a' }),
  post('/connectors', { name: 'a', config: {} }),
  post('/connectors', { name: 'a', config: null }),
  post('/connectors', { name: 'a', config: [] }),
  post('/connectors', { name: 'a', foo: 1, config: source }),
  post('/connectors', { name: 'a', config: { ...source, x: [] } }),
  post('/connectors', { name: 'a', config: { ...source, x: {} } }),
  post('/connectors', { name: 'a', config: { ...source, x: null } }),
  post('/connectors', { name: 'a', config: { ...source, name: 'b' } }),
  post('/connectors', { name: 'a', initial_state: 'BANANA', config: source }),
  post('/connectors', { config: source }),
  post('/connectors', { name: '', config: source }),
  post('/connectors', { name: '  ', config: source }),
  post('/connectors', { name: 'a\u0001b', config: source }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'Nope' } }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'Nope' } }),
  post('/connectors', { name: 'a', config: { 'connector.class': 'JsonConverter' } }),
  post('/connectors', { name: 'a', config: { ...source, 'tasks.max': '0' } }),
  post('/connectors', { name: 'a', config: { ...source, 'tasks.max': 'x' } }),
  post('/connectors', { name: 'a', config: { ...source, 'errors.tolerance': 'some' } }),
  post('/connectors', { name: 'a', config: { ...source, topic: '' } }),
  post('/connectors', { name: 'a', config: { ...source, transforms: 't' } }),
  post('/connectors', { name: 'a', config: { ...source, transforms: 't,t' } }),
  post('/connectors', {
    name: 'a',
    config: { ...source, transforms: 't', 'transforms.t.type': 'Nope' },
  }),
  post('/connectors', { name: 'a', config: { ...source, 'key.converter': 'Nope' } }),
  post('/connectors', {
    name: 'a',
    config: {
      ...source,
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'maybe',
    },
  }),
  post('/connectors', { name: 'a', config: { ...source, 'producer.override.linger.ms': 'abc' } }),
  post('/connectors', { name: 'a', config: { ...sink, topics: '' } }),
  post('/connectors', { name: 'a', config: { ...sink, 'topics.regex': 'x.*' } }),
  post('/connectors', { name: 'a', config: { ...sink, topics: 'a,a' } }),
  post('/connectors', {
    name: 'a',
    config: { ...sink, topics: 'a,dlq', 'errors.deadletterqueue.topic.name': 'dlq' },
  }),
  put('/connectors/a/config', '{bad'),
  put('/connectors/a/config', 'null'),
  put('/connectors/a/config', '[]'),
  put('/connectors/a/config'),
  put('/connectors/a/config', {}),
  put('/connectors/a/config', { ...source, name: 'b' }),
  put('/connectors/a/config', { ...source, 'tasks.max': '-1' }),
  put('/connectors/a/config', 'x', text),
  get('/connectors'),
]

const life: Step[] = [
  post('/connectors', { name: 'src', config: source }),
  settled('src', 'RUNNING', 'RUNNING'),
  post('/connectors', { name: 'src', config: source }),
  post('/connectors/', { name: ' src ', config: source }),
  get('/connectors'),
  get('/connectors/src'),
  get('/connectors/src/'),
  get('/connectors/src/config'),
  get('/connectors/src/tasks'),
  get('/connectors/src/tasks/0/status'),
  get('/connectors/src/tasks/1/status'),
  get('/connectors/src/tasks-config'),
  get('/connectors?expand=info'),
  get('/connectors?expand=status'),
  get('/connectors?expand=info&expand=status'),
  { ...get('/connectors/src/topics'), until: { entries: 1 } },
  { ...get('/connectors/src/offsets'), until: { entries: 1 } },
  patch('/connectors/src/offsets', {
    offsets: [{ partition: { filename: '{dir}/lines.txt' }, offset: { position: 0 } }],
  }),
  remove('/connectors/src/offsets'),
  put('/connectors/src/topics/reset'),
  { ...get('/connectors/src/topics'), until: { entries: 0 } },
  put('/connectors/src/config', { ...source, note: 'x' }),
  settled('src', 'RUNNING', 'RUNNING'),
  get('/connectors/src/config'),
  put('/connectors/src/config', { ...source, 'tasks.max': 2, flag: true, rate: 1.5 }),
  settled('src', 'RUNNING', 'RUNNING'),
  get('/connectors/src/config'),
  patch('/connectors/src/config', { note: 'y', 'tasks.max': '1', flag: null, nothing: null }),
  settled('src', 'RUNNING', 'RUNNING'),
  patch('/connectors/src/config', { 'tasks.max': 'x' }),
  patch('/connectors/src/config', {}),
  patch('/connectors/src/config', '{bad'),
  patch('/connectors/src/config', '[]'),
  patch('/connectors/src/config', 'null'),
  settled('src', 'RUNNING', 'RUNNING'),
  get('/connectors/src/config'),
  put('/connectors/src/pause'),
  settled('src', 'PAUSED', 'PAUSED'),
  put('/connectors/src/pause'),
  put('/connectors/src/pause', undefined, json),
  put('/connectors/src/config', { ...source, note: 'z' }),
  settled('src', 'PAUSED', 'PAUSED'),
  post('/connectors/src/restart'),
  settled('src', 'PAUSED', 'PAUSED'),
  post('/connectors/src/tasks/0/restart'),
  settled('src', 'PAUSED', 'PAUSED'),
  put('/connectors/src/resume'),
  settled('src', 'RUNNING', 'RUNNING'),
  put('/connectors/src/resume'),
  post('/connectors/src/restart'),
  settled('src', 'RUNNING', 'RUNNING'),
  post('/connectors/src/restart?includeTasks=true'),
  settled('src', 'RUNNING', 'RUNNING'),
  post('/connectors/src/restart?includeTasks=True&onlyFailed=banana'),
  settled('src', 'RUNNING', 'RUNNING'),
  post('/connectors/src/restart?onlyFailed=true'),
  post('/connectors/src/restart?includeTasks=true&onlyFailed=true'),
  settled('src', 'RUNNING', 'RUNNING'),
  post('/connectors/src/tasks/0/restart'),
  settled('src', 'RUNNING', 'RUNNING'),
  post('/connectors/src/tasks/9/restart'),
  post('/connectors/src/tasks/-1/restart'),
  post('/connectors/src/tasks/x/restart'),
  put('/connectors/src/stop'),
  settled('src', 'STOPPED'),
  put('/connectors/src/stop'),
  get('/connectors/src'),
  get('/connectors/src/tasks'),
  get('/connectors/src/tasks/0/status'),
  post('/connectors/src/restart'),
  put('/connectors/src/config', { ...source, note: 'stopped' }),
  settled('src', 'STOPPED'),
  { ...get('/connectors/src/offsets'), until: { entries: 1 } },
  put('/connectors/src/pause'),
  settled('src', 'PAUSED'),
  get('/connectors/src/tasks'),
  put('/connectors/src/stop'),
  settled('src', 'STOPPED'),
  put('/connectors/src/resume'),
  settled('src', 'RUNNING', 'RUNNING'),
  remove('/connectors/src'),
  gone('src'),
  statusGone('src'),
  get('/connectors/src/config'),
  remove('/connectors/src'),
  get('/connectors/src/offsets'),
]

const initialStates: Step[] = [
  post('/connectors', { name: 'i1', initial_state: 'PAUSED', config: source }),
  settled('i1', 'PAUSED'),
  get('/connectors/i1'),
  get('/connectors/i1/tasks'),
  put('/connectors/i1/resume'),
  settled('i1', 'RUNNING', 'RUNNING'),
  remove('/connectors/i1'),
  gone('i1'),
  post('/connectors', { name: 'i2', initial_state: 'stopped', config: source }),
  settled('i2', 'STOPPED'),
  get('/connectors/i2'),
  remove('/connectors/i2'),
  gone('i2'),
  post('/connectors', { name: 'i3', initial_state: 'running', config: source }),
  settled('i3', 'RUNNING', 'RUNNING'),
  remove('/connectors/i3'),
  gone('i3'),
  post('/connectors', { name: 'i4', initial_state: null, config: source }),
  settled('i4', 'RUNNING', 'RUNNING'),
  remove('/connectors/i4'),
  gone('i4'),
]

const NAMES = [
  'a b',
  'a?b',
  'a#b',
  'a&b',
  'a:b@c',
  'a+b',
  'ünï',
  '名前',
  'a.b-c_d',
  "it's",
  'a;b',
  '.',
  'x"y',
]

const names: Step[] = NAMES.filter((name) => name !== '.').flatMap((name) => {
  const path = `/connectors/${encodeURIComponent(name)}`
  return [
    put(`${path}/config`, { ...source, 'tasks.max': '1' }),
    settled(encodeURIComponent(name), 'RUNNING', 'RUNNING'),
    get(path),
    remove(path),
    { ...get(path), until: { status: 404 } } satisfies Step,
  ]
})

const sinks: Step[] = [
  post('/connectors', { name: '{run}-snk', config: sink }),
  settled('{run}-snk', 'RUNNING', 'RUNNING'),
  get('/connectors/{run}-snk'),
  get('/connectors/{run}-snk/tasks'),
  { ...get('/connectors/{run}-snk/topics'), until: { entries: 1 } },
  { ...get('/connectors/{run}-snk/offsets'), until: { entries: 1 } },
  put('/connectors/{run}-snk/stop'),
  settled('{run}-snk', 'STOPPED'),
  ...[
    undefined,
    '{bad',
    '[]',
    'null',
    {},
    { offsets: null },
    { offsets: [] },
    { offsets: [{}] },
    { offsets: [{ partition: null, offset: null }] },
    { offsets: [{ partition: {}, offset: null }] },
    { offsets: [{ partition: { kafka_topic: '{run}-lines' }, offset: { kafka_offset: 1 } }] },
    {
      offsets: [
        { partition: { kafka_topic: null, kafka_partition: 0 }, offset: { kafka_offset: 1 } },
      ],
    },
    {
      offsets: [
        {
          partition: { kafka_topic: '{run}-lines', kafka_partition: null },
          offset: { kafka_offset: 1 },
        },
      ],
    },
    {
      offsets: [
        {
          partition: { kafka_topic: '{run}-lines', kafka_partition: 'x' },
          offset: { kafka_offset: 1 },
        },
      ],
    },
    {
      offsets: [
        { partition: { kafka_topic: '{run}-lines', kafka_partition: 0 }, offset: { other: 1 } },
      ],
    },
    {
      offsets: [
        {
          partition: { kafka_topic: '{run}-lines', kafka_partition: 0 },
          offset: { kafka_offset: 1.5 },
        },
      ],
    },
    {
      offsets: [
        {
          partition: { kafka_topic: '{run}-lines', kafka_partition: 0 },
          offset: { kafka_offset: 'abc' },
        },
      ],
    },
    {
      offsets: [
        {
          partition: { kafka_topic: '{run}-lines', kafka_partition: 0 },
          offset: { kafka_offset: 1 },
        },
      ],
    },
  ].map((body): Step => ({ method: 'PATCH', path: '/connectors/{run}-snk/offsets', body })),
  get('/connectors/{run}-snk/offsets'),
  patch('/connectors/{run}-snk/offsets', {
    offsets: [
      {
        partition: { kafka_topic: '{run}-lines', kafka_partition: '0' },
        offset: { kafka_offset: '2' },
      },
    ],
  }),
  get('/connectors/{run}-snk/offsets'),
  patch('/connectors/{run}-snk/offsets', {
    offsets: [{ partition: { kafka_topic: '{run}-lines', kafka_partition: 0 }, offset: null }],
  }),
  get('/connectors/{run}-snk/offsets'),
  patch('/connectors/{run}-snk/offsets', {
    offsets: [
      {
        partition: { kafka_topic: '{run}-lines', kafka_partition: 0 },
        offset: { kafka_offset: 2 },
      },
    ],
  }),
  remove('/connectors/{run}-snk/offsets'),
  get('/connectors/{run}-snk/offsets'),
  remove('/connectors/{run}-snk/offsets'),
  put('/connectors/{run}-snk/resume'),
  settled('{run}-snk', 'RUNNING', 'RUNNING'),
  { ...get('/connectors/{run}-snk/offsets'), until: { entries: 1 } },
  put('/connectors/{run}-snk/topics/reset'),
  { ...get('/connectors/{run}-snk/topics'), until: { entries: 0 } },
  put('/connectors/{run}-snk/pause'),
  settled('{run}-snk', 'PAUSED', 'PAUSED'),
  remove('/connectors/{run}-snk/offsets'),
  remove('/connectors/{run}-snk'),
  gone('{run}-snk'),
]

const sourceOffsets: Step[] = [
  post('/connectors', { name: 'off', config: source }),
  settled('off', 'RUNNING', 'RUNNING'),
  { ...get('/connectors/off/offsets'), until: { entries: 1 } },
  put('/connectors/off/stop'),
  settled('off', 'STOPPED'),
  ...[
    {},
    { offsets: [] },
    { offsets: [{ partition: { filename: '{dir}/lines.txt' }, offset: { position: 3 } }] },
  ].map((body) => patch('/connectors/off/offsets', body)),
  get('/connectors/off/offsets'),
  patch('/connectors/off/offsets', {
    offsets: [{ partition: { filename: '{dir}/lines.txt' }, offset: { position: -1 } }],
  }),
  patch('/connectors/off/offsets', {
    offsets: [{ partition: { filename: '{dir}/lines.txt' }, offset: { position: 'x' } }],
  }),
  patch('/connectors/off/offsets', {
    offsets: [{ partition: { filename: '{dir}/lines.txt' }, offset: { position: { a: 1 } } }],
  }),
  patch('/connectors/off/offsets', {
    offsets: [{ partition: { wrong: 'x' }, offset: { position: 1 } }],
  }),
  patch('/connectors/off/offsets', {
    offsets: [{ partition: { filename: '{dir}/lines.txt' }, offset: null }],
  }),
  { ...get('/connectors/off/offsets'), until: { entries: 0 } },
  remove('/connectors/off/offsets'),
  get('/connectors/off/offsets'),
  remove('/connectors/off'),
  gone('off'),
]

const failures: Step[] = [
  post('/connectors', { name: 'bad', config: failing }),
  settled('bad', 'RUNNING', 'FAILED'),
  get('/connectors/bad/tasks/0/status'),
  get('/connectors/bad'),
  get('/connectors?expand=status'),
  put('/connectors/bad/pause'),
  get('/connectors/bad/tasks/0/status'),
  put('/connectors/bad/resume'),
  settled('bad', 'RUNNING', 'FAILED'),
  post('/connectors/bad/restart?onlyFailed=true'),
  post('/connectors/bad/restart?includeTasks=true&onlyFailed=true'),
  settled('bad', 'RUNNING', 'FAILED'),
  post('/connectors/bad/tasks/0/restart'),
  settled('bad', 'RUNNING', 'FAILED'),
  put('/connectors/bad/config', { ...source, topic: '{run}-healed' }),
  settled('bad', 'RUNNING', 'RUNNING'),
  remove('/connectors/bad'),
  gone('bad'),
  post('/connectors', { name: 'late', config: { ...source, 'topic.creation.groups': 'x' } }),
  remove('/connectors/late'),
  gone('late'),
]

const plugins: Step[] = [
  get('/connector-plugins/NoSuch/config'),
  get('/connector-plugins/java.lang.String/config'),
  get('/connector-plugins/FileStreamSource/config'),
  get('/connector-plugins/FileStreamSink/config'),
  get('/connector-plugins/JsonConverter/config'),
  get('/connector-plugins/RegexRouter/config'),
  get('/connector-plugins/HasHeaderKey/config'),
  get('/connector-plugins/org.apache.kafka.connect.transforms.Cast%24Value/config'),
  get('/connector-plugins/org.apache.kafka.connect.transforms.Cast$Value/config'),
  get('/connector-plugins/RegexRouter/config?version=1.0'),
  get('/connector-plugins/RegexRouter/config?version=latest'),
  get('/connector-plugins/RegexRouter/config?version=4.3.1'),
  get('/connector-plugins/RegexRouter/config?version=%5B1.0'),
  put('/connector-plugins/FileStreamSource/config/validate', { ...source, name: 'v' }),
  put('/connector-plugins/FileStreamSource/config/validate', source),
  put('/connector-plugins/FileStreamSource/config/validate', {}),
  put('/connector-plugins/FileStreamSource/config/validate', '{bad'),
  put('/connector-plugins/FileStreamSource/config/validate', 'null'),
  put('/connector-plugins/FileStreamSource/config/validate'),
  put('/connector-plugins/FileStreamSource/config/validate', { ...sink, name: 'v' }),
  put('/connector-plugins/FileStreamSink/config/validate', { ...sink, name: 'v' }),
  put('/connector-plugins/FileStreamSink/config/validate', { ...sink, name: 'v', topics: '' }),
  put('/connector-plugins/NoSuch/config/validate', { 'connector.class': 'NoSuch' }),
]

const loggers: Step[] = [
  get('/admin/loggers/no.such.logger'),
  put('/admin/loggers/parity.orders', { level: 'debug' }),
  get('/admin/loggers/parity.orders'),
  put('/admin/loggers/parity.orders.inner', { level: 'TRACE' }),
  put('/admin/loggers/parity.orders', { level: 'WARN' }),
  get('/admin/loggers/parity.orders.inner'),
  put('/admin/loggers/parity.orders', { level: 'LOUD' }),
  put('/admin/loggers/parity.orders', {}),
  put('/admin/loggers/parity.orders', { level: null }),
  put('/admin/loggers/parity.orders', 'null'),
  put('/admin/loggers/parity.orders', '[]'),
  put('/admin/loggers/parity.orders?scope=cluster', { level: 'INFO' }),
  { ...get('/admin/loggers/parity.orders'), until: { level: 'INFO' } },
  put('/admin/loggers/parity.orders?scope=worker', { level: 'INFO' }),
  put('/admin/loggers/parity.orders?scope=banana', { level: 'ERROR' }),
  put('/admin/loggers/parity.orders', { level: 'off' }),
  { method: 'DELETE', path: '/admin/loggers/parity.orders' },
  post('/admin/loggers/parity.orders', { level: 'INFO' }),
]

export const STEPS: readonly Step[] = [
  ...cluster,
  ...refused,
  ...life,
  ...initialStates,
  ...names,
  ...sinks,
  ...sourceOffsets,
  ...failures,
  ...plugins,
  ...loggers,
]
