"""Full fine-tuning of EfficientNet-Lite0 as a PyTorch user writes it: the work of `busana train`, with its split.

Photos are decoded and augmented in every epoch by the workers of a DataLoader; channels_last, which is the faster layout
here; AdamW with one cycle; validation after every epoch; the best checkpoint is kept. Writes `best.pt` and `metrics.csv`
into a folder and prints one line of JSON.
"""

import argparse
import csv
import json
import os
from pathlib import Path

import timm
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms as T


class Photos(Dataset):
    """Photos with one label per attribute."""

    def __init__(self, rows, transform):
        self.rows, self.transform = rows, transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        path, labels = self.rows[index]
        with Image.open(path) as image:
            return self.transform(image.convert("RGB")), torch.tensor(labels)


class Classifier(nn.Module):
    """One linear head per attribute on the pooled features."""

    def __init__(self, classes, weights):
        super().__init__()
        self.backbone = timm.create_model("tf_efficientnet_lite0", num_classes=1000)
        # The file names layers in another way, in the same order.
        own = self.backbone.state_dict()
        given = torch.load(weights, map_location="cpu", weights_only=True)
        assert [v.shape for v in own.values()] == [v.shape for v in given.values()], "other weights than expected"
        self.backbone.load_state_dict(dict(zip(own, given.values())))
        self.backbone.reset_classifier(0)
        self.heads = nn.ModuleList(nn.Linear(self.backbone.num_features, count) for count in classes)

    def forward(self, x):
        features = self.backbone(x)
        return [head(features) for head in self.heads]


def read_rows(data, held_back):
    """Rows for training, rows held back, and the number of classes of each attribute."""
    with open(held_back) as file:
        held = {Path(row["image"]).name for row in csv.DictReader(file)}
    with open(data / "train.csv") as file:
        table = list(csv.DictReader(file))
    attributes = [name for name in table[0] if name != "id"]
    names = {Path(name).stem: name for name in os.listdir(data / "train")}
    train, validation = [], []
    for row in table:
        name = names[row["id"]]
        side = validation if name in held else train
        side.append((data / "train" / name, [int(row[attribute]) for attribute in attributes]))
    assert len(validation) == len(held), "the split is of other photos"
    return train, validation, [1 + max(int(row[attribute]) for row in table) for attribute in attributes]


def transforms_of(size, config):
    """The policy `light` in torchvision's terms: flip; 9 degrees, 10 % of scale, 4.5 % of shift; 10 % of light."""
    resize = T.Resize((size, size), T.InterpolationMode.BICUBIC)
    finish = [T.ToTensor(), T.Normalize(config["mean"], config["std"])]
    movement = T.RandomAffine(9, (0.045, 0.045), (0.9, 1.1), interpolation=T.InterpolationMode.BILINEAR, fill=255)
    light = [
        T.RandomHorizontalFlip(),
        # Rotation, scale and shift with a probability of 1/2 each: one of them at least in 7 of 8 photos.
        T.RandomApply([movement], 0.875),
        T.RandomApply([T.ColorJitter(0.1, 0.1)], 0.5),
    ]
    return T.Compose([resize, *light, *finish]), T.Compose([resize, *finish])


def loss_of(logits, labels):
    return sum(F.cross_entropy(head, labels[:, index]) for index, head in enumerate(logits))


def train_epoch(model, loader, optimizer, schedule):
    model.train()
    total = 0.0
    for images, labels in loader:
        loss = loss_of(model(images.to(memory_format=torch.channels_last)), labels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
    return total / len(loader)


@torch.inference_mode()
def validate(model, loader):
    """Mean loss, and the share of photos with every attribute right."""
    model.eval()
    loss, right, count = 0.0, 0, 0
    for images, labels in loader:
        logits = model(images.to(memory_format=torch.channels_last))
        loss += loss_of(logits, labels).item() * len(labels)
        found = torch.stack([head.argmax(1) for head in logits], 1)
        right += (found == labels).all(1).sum().item()
        count += len(labels)
    return loss / count, right / count


def save(path, write):
    """Complete under its name, or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    write(temporary)
    temporary.replace(path)


def write_csv(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser()
    for name in ["data", "held-back", "weights", "out"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name, default in [("epochs", 15), ("batch", 32), ("size", 224), ("workers", 2), ("seed", 0)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    for name, default in [("lr", 1e-3), ("weight-decay", 0.05)]:
        parser.add_argument(f"--{name}", type=float, default=default)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True)
    train, validation, classes = read_rows(args.data, args.held_back)
    model = Classifier(classes, args.weights).to(memory_format=torch.channels_last)
    augmented, plain = transforms_of(args.size, model.backbone.default_cfg)
    usual = {"batch_size": args.batch, "num_workers": args.workers, "persistent_workers": args.workers > 0}
    training_loader = DataLoader(Photos(train, augmented), shuffle=True, **usual)
    validation_loader = DataLoader(Photos(validation, plain), **usual)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": args.weight_decay}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=args.lr)
    steps = args.epochs * len(training_loader)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.lr, steps, pct_start=0.25, cycle_momentum=False)
    rows, best = [], float("inf")
    for epoch in range(1, args.epochs + 1):
        train_loss = train_epoch(model, training_loader, optimizer, schedule)
        val_loss, emr = validate(model, validation_loader)
        rows.append({"epoch": epoch, "train_loss": train_loss, "val_loss": val_loss, "emr": emr})
        save(args.out / "metrics.csv", lambda path: write_csv(path, rows))
        if val_loss < best:
            best = val_loss
            save(args.out / "best.pt", lambda path: torch.save(model.state_dict(), path))
    print(json.dumps({"emr": rows[-1]["emr"], "version": f"PyTorch {torch.__version__}"}), flush=True)


if __name__ == "__main__":
    main()
