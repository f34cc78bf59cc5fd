CREATE TABLE "model_activations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "model_activations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"model_hash" text NOT NULL,
	"kind" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "photo_parts" (
	"photo_hash" text PRIMARY KEY NOT NULL,
	"part" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "predictions" (
	"product_id" bigint PRIMARY KEY NOT NULL,
	"model_hash" text NOT NULL,
	"probabilities" jsonb NOT NULL,
	"reasons" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "training_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"training_id" bigint NOT NULL,
	"epoch" jsonb,
	"line" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trainings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "trainings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"approach" text NOT NULL,
	"epochs" integer NOT NULL,
	"base_hash" text NOT NULL,
	"train_photos" integer,
	"evaluation_photos" integer,
	"model_hash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
DROP INDEX "products_review";--> statement-breakpoint
ALTER TABLE "attribute_changes" ADD COLUMN "batch" text DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "demo" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "training_id" bigint;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "metrics" jsonb;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "comparison" jsonb;--> statement-breakpoint
ALTER TABLE "model_activations" ADD CONSTRAINT "model_activations_model_hash_models_hash_fk" FOREIGN KEY ("model_hash") REFERENCES "public"."models"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_model_hash_models_hash_fk" FOREIGN KEY ("model_hash") REFERENCES "public"."models"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "training_events" ADD CONSTRAINT "training_events_training_id_trainings_id_fk" FOREIGN KEY ("training_id") REFERENCES "public"."trainings"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_base_hash_models_hash_fk" FOREIGN KEY ("base_hash") REFERENCES "public"."models"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_model_hash_models_hash_fk" FOREIGN KEY ("model_hash") REFERENCES "public"."models"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "training_events_training_id_id_index" ON "training_events" USING btree ("training_id","id");--> statement-breakpoint
CREATE INDEX "trainings_running" ON "trainings" USING btree ("id") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "attribute_changes_batch_index" ON "attribute_changes" USING btree ("batch");--> statement-breakpoint
CREATE INDEX "product_attributes_person" ON "product_attributes" USING btree ("product_id") WHERE source = 'person';--> statement-breakpoint
CREATE INDEX "products_waiting" ON "products" USING btree (coalesce("joint_confidence", 0),"id") WHERE status <> 'accept';