CREATE FUNCTION count_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- In one order, so that two statements at once wait for each other instead of blocking each other.
  IF TG_OP IN ('DELETE', 'UPDATE') THEN
    INSERT INTO stock_cells AS cell (labels, status, products, pieces)
    SELECT labels, status, -count(*), -sum(quantity) FROM removed GROUP BY labels, status ORDER BY labels, status
    ON CONFLICT (labels, status) DO UPDATE
    SET products = cell.products + excluded.products, pieces = cell.pieces + excluded.pieces;
  END IF;
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    INSERT INTO stock_cells AS cell (labels, status, products, pieces)
    SELECT labels, status, count(*), sum(quantity) FROM added GROUP BY labels, status ORDER BY labels, status
    ON CONFLICT (labels, status) DO UPDATE
    SET products = cell.products + excluded.products, pieces = cell.pieces + excluded.pieces;
  END IF;
  RETURN NULL;
END;
$$;
--> statement-breakpoint
CREATE TRIGGER products_added AFTER INSERT ON products
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_stock();
--> statement-breakpoint
CREATE TRIGGER products_removed AFTER DELETE ON products
REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_stock();
--> statement-breakpoint
CREATE TRIGGER products_changed AFTER UPDATE ON products
REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_stock();
