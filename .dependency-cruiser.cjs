/** Dependencies point one way (ARCHITECTURE.md); a module that closes a circle or reaches into a package is an error. */
const packageOf = (name) => `^packages/${name}/`;
const others = (allowed) => ({ path: '^packages/', pathNot: `^packages/(${allowed})/` });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'contracts-alone', severity: 'error', from: { path: packageOf('contracts') }, to: others('contracts') },
    { name: 'engine-alone', severity: 'error', from: { path: packageOf('engine') }, to: others('engine') },
    {
      name: 'vision-on-engine',
      severity: 'error',
      from: { path: packageOf('vision') },
      to: others('vision|engine|contracts'),
    },
    {
      name: 'server-on-vision',
      severity: 'error',
      from: { path: packageOf('server') },
      to: others('server|vision|contracts'),
    },
    {
      name: 'web-on-contracts',
      comment: 'The pages know the server by its contracts alone; their tests start one.',
      severity: 'error',
      from: { path: '^packages/web/(src|build)/' },
      to: others('web|contracts'),
    },
    {
      name: 'web-in-a-browser',
      comment: 'Nothing of Node.js reaches a page.',
      severity: 'error',
      from: { path: '^packages/web/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'cli-on-server',
      severity: 'error',
      from: { path: packageOf('cli') },
      to: others('cli|server|vision|web|contracts'),
    },
    {
      name: 'no-deep-imports',
      comment: 'Another package is entered through its exports; tests share their support.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: {
        path: '^packages/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/index\\.ts$',
          '^packages/web/build/index\\.ts$',
          '^packages/engine/src/testing/index\\.ts$',
          '^packages/[^/]+/test/support/',
        ],
      },
    },
    {
      name: 'source-without-tests',
      comment: 'Nothing that runs depends on a test.',
      severity: 'error',
      from: { path: '^packages/[^/]+/(src|bin)/' },
      to: { path: '^packages/[^/]+/(test|examples)/' },
    },
    {
      name: 'one-runtime',
      comment: 'One module talks to onnxruntime.',
      severity: 'error',
      from: { path: '^packages/', pathNot: ['^packages/engine/src/runtime/', '^packages/[^/]+/test/'] },
      to: { path: 'node_modules/onnxruntime-' },
    },
    {
      name: 'one-protobuf',
      comment: 'One folder knows the wire format of models.',
      severity: 'error',
      from: { path: '^packages/', pathNot: ['^packages/engine/src/proto/', '^packages/[^/]+/test/'] },
      to: { path: 'node_modules/protobufjs' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/fixtures/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
