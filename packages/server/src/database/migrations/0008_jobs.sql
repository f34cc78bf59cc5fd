CREATE TABLE "claims" (
	"job_id" uuid PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"worker_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"queues" jsonb NOT NULL,
	"concurrency" integer NOT NULL,
	"beats" bigint DEFAULT 0 NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "analyses" ADD COLUMN "progress" jsonb;--> statement-breakpoint
ALTER TABLE "import_items" ADD COLUMN "photo_hash" text;--> statement-breakpoint
ALTER TABLE "imports" ADD COLUMN "receiving" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "trainings" ADD COLUMN "seconds_left" real;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_worker_id_workers_id_fk" FOREIGN KEY ("worker_id") REFERENCES "public"."workers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "claims_worker_id_index" ON "claims" USING btree ("worker_id");