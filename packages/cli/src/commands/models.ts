import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';

export function modelsCommand(program: Command, { output }: CommandContext): void {
  const command = program.command('models').description('list the architectures');
  withCommonFlags(command, 'busana models').action(async () => {
    const { describeArchitectures } = await import('@busana/vision');
    const architectures = describeArchitectures();
    output.table(
      ['name', 'parameters', 'input', 'description'],
      architectures.map(({ name, parameters, defaultImageSize, description }) => [
        name,
        parameters.toLocaleString('en'),
        `${defaultImageSize}`,
        description,
      ]),
    );
    output.result(architectures);
  });
}
