ALTER TABLE "attribute_changes" ADD COLUMN "from_table" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Before there were names, tables spoke as 'import'.
UPDATE "attribute_changes" SET "from_table" = true WHERE "actor" = 'import';
