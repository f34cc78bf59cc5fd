import type { Listener, RunEvent } from '@busana/vision';
import type { Console } from './console.ts';
import { duration } from './duration.ts';

/** Shows a run while it works: notices, one line per epoch with what is left, a bar on a terminal. */
export function runReporter(output: Console): Listener {
  return (event: RunEvent) => {
    switch (event.type) {
      case 'notice':
        return output.line(event.message);
      case 'folder':
        return output.line(`run folder: ${event.path}`);
      case 'prepare':
        return output.progress('reading photos', event.done, event.total);
      case 'job':
        return output.line(
          event.jobs === 1
            ? `training ${event.job.arm}`
            : `training ${event.job.arm}, fold ${event.job.fold} (${event.position} of ${event.jobs})`,
        );
      case 'batch':
        return output.progress(`epoch ${event.epoch}`, event.done, event.total);
      case 'epoch':
        return output.line(epochLine(event));
    }
  };
}

function epochLine({ row, epochs, secondsLeft }: Extract<RunEvent, { type: 'epoch' }>): string {
  const share = (value: number): string => value.toFixed(4).replace(/^0/, '');
  const parts = [
    `  epoch ${String(row.epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${row.train_loss.toFixed(3)}`,
    ...(row.val_loss === undefined ? [] : [`val ${row.val_loss.toFixed(3)}`]),
    ...(row.emr === undefined ? [] : [`EMR ${share(row.emr)}`]),
    ...Object.entries(row.accuracy).map(([name, value]) => `${name} ${share(value)}`),
    `${row.images_per_second.toFixed(0)} photos/s`,
    `${duration(secondsLeft)} left`,
  ];
  return parts.join('  ');
}
