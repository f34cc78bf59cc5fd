import type { Command } from 'commander';
import { withCommonFlags, type CommandContext } from '../command.ts';

export function doctorCommand(program: Command, { output }: CommandContext): void {
  const command = program
    .command('doctor')
    .description('show versions, processor, threads, and check that training works');
  withCommonFlags(command, 'busana doctor').action(async () => {
    const { examine } = await import('@busana/vision');
    const report = await examine();
    for (const { name, value } of report.facts) output.line(`${name.padEnd(24)}${value}`);
    for (const { name, ok, detail } of report.checks) output.line(`${ok ? 'ok    ' : 'FAILED'}  ${name}: ${detail}`);
    output.result(report);
    if (!report.checks.every(({ ok }) => ok)) process.exitCode = 1;
  });
}
