/** @file The client of object storage, without what it says of Node.js to whoever runs it. */

/**
 * Which Node.js later versions of the client will need is for whoever updates it, not for whoever runs a shop. The variable is
 * what its makers name for that (aws/aws-sdk-js-v3, announcement 7983); it is set while a client is made, and not for others.
 */
export function withoutNotice<T>(make: () => T): T {
  const name = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';
  const before = process.env[name];
  process.env[name] ??= 'true';
  try {
    return make();
  } finally {
    if (before === undefined) delete process.env[name];
  }
}
