CREATE TABLE "photo_features" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "photo_features_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"photo_hash" text NOT NULL,
	"model_hash" text NOT NULL,
	"appearance" "bytea" NOT NULL,
	"structure" "bytea" NOT NULL,
	CONSTRAINT "photo_features_once" UNIQUE("photo_hash","model_hash")
);
--> statement-breakpoint
ALTER TABLE "import_items" ADD COLUMN "product_key" text GENERATED ALWAYS AS ("import_items"."product"->>'key') STORED;--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "duplicate_of" bigint;--> statement-breakpoint
ALTER TABLE "photo_features" ADD CONSTRAINT "photo_features_photo_hash_photos_hash_fk" FOREIGN KEY ("photo_hash") REFERENCES "public"."photos"("hash") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "photo_features" ADD CONSTRAINT "photo_features_model_hash_models_hash_fk" FOREIGN KEY ("model_hash") REFERENCES "public"."models"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "photo_features_model_hash_id_index" ON "photo_features" USING btree ("model_hash","id");--> statement-breakpoint
ALTER TABLE "products" ADD CONSTRAINT "products_duplicate_of_products_id_fk" FOREIGN KEY ("duplicate_of") REFERENCES "public"."products"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_items_import_id_product_key_index" ON "import_items" USING btree ("import_id","product_key");--> statement-breakpoint
CREATE INDEX "products_duplicate_of_index" ON "products" USING btree ("duplicate_of");