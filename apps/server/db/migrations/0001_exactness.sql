CREATE TABLE `alias` (
	`source` text NOT NULL,
	`id` text NOT NULL,
	`canonical` text NOT NULL,
	`kind` text NOT NULL,
	PRIMARY KEY(`id`, `canonical`, `source`)
);
--> statement-breakpoint
CREATE INDEX `alias_canonical` ON `alias` (`canonical`,`kind`,`source`,`id`);--> statement-breakpoint
CREATE TABLE `epss` (
	`cve` text PRIMARY KEY NOT NULL,
	`probability` real NOT NULL,
	`percentile` real NOT NULL
);
--> statement-breakpoint
CREATE TABLE `kev` (
	`cve` text PRIMARY KEY NOT NULL,
	`added_on` text NOT NULL,
	`due_on` text,
	`ransomware` integer NOT NULL,
	`required_action` text
);
--> statement-breakpoint
CREATE TABLE `match_layer` (
	`layer` text NOT NULL,
	`match_id` integer NOT NULL,
	PRIMARY KEY(`layer`, `match_id`),
	FOREIGN KEY (`match_id`) REFERENCES `match_fact`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `match_layer_match` ON `match_layer` (`match_id`);--> statement-breakpoint
CREATE TABLE `match_threat` (
	`match_id` integer PRIMARY KEY NOT NULL,
	`kev` integer NOT NULL,
	`epss` real,
	FOREIGN KEY (`match_id`) REFERENCES `match_fact`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `match_threat_epss` ON `match_threat` (`epss`);--> statement-breakpoint
CREATE INDEX `match_threat_kev` ON `match_threat` (`kev`);--> statement-breakpoint
CREATE TABLE `release_feed` (
	`release` text NOT NULL,
	`feed` text NOT NULL,
	`names` text NOT NULL,
	PRIMARY KEY(`release`, `feed`)
);
--> statement-breakpoint
CREATE INDEX `release_feed_feed` ON `release_feed` (`feed`);--> statement-breakpoint
CREATE TABLE `threat_list` (
	`name` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`as_of` text,
	`entries` integer NOT NULL,
	`imported_at` text NOT NULL
);
--> statement-breakpoint
DROP INDEX `package_identity`;--> statement-breakpoint
ALTER TABLE `package` ADD `module` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `package` ADD `vendor` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `package_name` ON `package` (`feed`,`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `package_identity` ON `package` (`ecosystem`,`feed`,`name`,`version`,`source_name`,`source_version`,`arch`,`module`,`vendor`);--> statement-breakpoint
ALTER TABLE `advisory_source` ADD `error` text;--> statement-breakpoint
ALTER TABLE `advisory_source` ADD `failed_at` text;--> statement-breakpoint
ALTER TABLE `advisory_source` ADD `alias_generation` integer DEFAULT -1 NOT NULL;--> statement-breakpoint
ALTER TABLE `image` ADD `created_at` text;--> statement-breakpoint
ALTER TABLE `image` ADD `reader_version` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `image` ADD `chain_ids` text;--> statement-breakpoint
ALTER TABLE `image` ADD `chain_id` text;--> statement-breakpoint
CREATE INDEX `image_chain` ON `image` (`chain_id`);--> statement-breakpoint
ALTER TABLE `occurrence` ADD `matched_at` text;--> statement-breakpoint
INSERT INTO `match_layer` (`layer`, `match_id`)
SELECT DISTINCT j.value ->> 'layer', m.id FROM `match_fact` m, json_each(m.record, '$.packages') j WHERE j.value ->> 'layer' IS NOT NULL;--> statement-breakpoint
INSERT INTO `release_feed` (`release`, `feed`, `names`) SELECT DISTINCT `feed`, `feed`, 'source' FROM `package` WHERE `feed` <> '';--> statement-breakpoint
INSERT INTO `match_threat` (`match_id`, `kev`, `epss`) SELECT `id`, 0, NULL FROM `match_fact`;
