/** Draws a wardrobe of T-shirts and hoodies, learns to tell them apart, and prints how well on photos held back. */
import { trainingConfigSchema } from '@busana/contracts';
import { drawWardrobe, train } from '@busana/vision';

const [, , epochs = '15'] = process.argv;

// In place of photos of your own: train.csv with an id and a column per attribute, train/ with the photos.
await drawWardrobe('wardrobe', { count: 240, test: 0, seed: 1 });

const { folder, metrics } = await train({
  data: { source: 'wardrobe' },
  config: trainingConfigSchema.parse({ model: 'cnn', imageSize: 48, epochs: Number(epochs), seed: 1 }),
  project: 'runs',
  name: 'wardrobe',
  dryRun: false,
  emit(event) {
    if (event.type !== 'epoch') return;
    const { epoch, train_loss, val_loss } = event.row;
    console.log(`epoch ${epoch} of ${event.epochs}: loss ${train_loss.toFixed(3)}, held back ${val_loss?.toFixed(3)}`);
  },
});
if (metrics !== undefined) console.log(`all attributes right: ${(100 * metrics.emr.value).toFixed(1)} % of photos`);
console.log(`${folder}/model.onnx, report.html beside it`);
