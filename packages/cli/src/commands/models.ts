import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';

export function modelsCommand(program: Command, { output }: CommandContext): void {
  const command = program.command('models').description('list the architectures');
  withCommonFlags(command, 'busana models').action(async () => {
    const { describeArchitectures } = await import('@busana/vision');
    const architectures = describeArchitectures();
    output.table(
      ['name', 'parameters', 'million MACs', 'input', 'normalisation', 'licence of weights', 'source'],
      architectures.map(({ name, parameters, macs, defaultImageSize, normalise, weightsLicence, source }) => [
        name,
        parameters.toLocaleString('en'),
        Math.round(macs / 1e6).toLocaleString('en'),
        `${defaultImageSize}`,
        normalise,
        weightsLicence ?? '-',
        source,
      ]),
    );
    output.result(architectures);
  });
}
