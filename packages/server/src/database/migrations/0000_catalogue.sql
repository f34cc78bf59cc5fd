CREATE TABLE "attribute_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "attribute_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"product_id" bigint NOT NULL,
	"attribute" text NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"actor" text NOT NULL,
	"undoes" bigint,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "attribute_changes_undoes_unique" UNIQUE("undoes")
);
--> statement-breakpoint
CREATE TABLE "models" (
	"hash" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"active" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "photos" (
	"hash" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"format" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product_attributes" (
	"product_id" bigint NOT NULL,
	"attribute" text NOT NULL,
	"code" text NOT NULL,
	"source" text NOT NULL,
	"confidence" real,
	"model_hash" text,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "product_attributes_product_id_attribute_pk" PRIMARY KEY("product_id","attribute")
);
--> statement-breakpoint
CREATE TABLE "product_photos" (
	"product_id" bigint NOT NULL,
	"photo_hash" text NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "product_photos_product_id_position_pk" PRIMARY KEY("product_id","position")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "products_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sku" text,
	"title" text DEFAULT '' NOT NULL,
	"price" numeric(14, 2),
	"quantity" integer DEFAULT 1 NOT NULL,
	"status" text DEFAULT 'review' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"joint_confidence" real,
	"labels" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (to_tsvector('indonesian'::regconfig, "products"."title") ||
        to_tsvector('english'::regconfig, "products"."title") ||
        to_tsvector('simple'::regconfig, coalesce("products"."sku", ''))) STORED,
	CONSTRAINT "products_sku_unique" UNIQUE("sku")
);
--> statement-breakpoint
CREATE TABLE "stock_cells" (
	"labels" jsonb NOT NULL,
	"status" text NOT NULL,
	"products" integer NOT NULL,
	"pieces" bigint NOT NULL,
	CONSTRAINT "stock_cells_labels_status_pk" PRIMARY KEY("labels","status")
);
--> statement-breakpoint
ALTER TABLE "attribute_changes" ADD CONSTRAINT "attribute_changes_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_attributes" ADD CONSTRAINT "product_attributes_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_attributes" ADD CONSTRAINT "product_attributes_model_hash_models_hash_fk" FOREIGN KEY ("model_hash") REFERENCES "public"."models"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_photos" ADD CONSTRAINT "product_photos_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_photos" ADD CONSTRAINT "product_photos_photo_hash_photos_hash_fk" FOREIGN KEY ("photo_hash") REFERENCES "public"."photos"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attribute_changes_product_id_id_index" ON "attribute_changes" USING btree ("product_id","id");--> statement-breakpoint
CREATE INDEX "attribute_changes_actor_id_index" ON "attribute_changes" USING btree ("actor","id");--> statement-breakpoint
CREATE UNIQUE INDEX "models_one_active" ON "models" USING btree ("active") WHERE active;--> statement-breakpoint
CREATE INDEX "product_photos_photo_hash_index" ON "product_photos" USING btree ("photo_hash");--> statement-breakpoint
CREATE INDEX "products_labels" ON "products" USING gin ("labels" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "products_search" ON "products" USING gin ("search");--> statement-breakpoint
CREATE INDEX "products_review" ON "products" USING btree ("joint_confidence","id") WHERE status = 'review';