import wabt from 'wabt';

/** WebAssembly's text form -> the module. @param name for messages @throws Error with line and column of a mistake */
export async function compileText(name: string, text: string): Promise<Uint8Array> {
  const compiler = await wabt();
  const module = compiler.parseWat(name, text, { simd: true });
  try {
    module.resolveNames();
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}
