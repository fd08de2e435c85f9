CREATE TABLE `charge` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscription_id` text NOT NULL,
	`subscription_name` text NOT NULL,
	`digest` text NOT NULL,
	`registry_id` text NOT NULL,
	`registry_name` text NOT NULL,
	`repository` text NOT NULL,
	`platform` text,
	`price_micros` integer,
	`currency` text,
	`charged_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `charge_once` ON `charge` (`subscription_id`,`digest`);--> statement-breakpoint
CREATE INDEX `charge_month` ON `charge` (`charged_at`,`subscription_id`);--> statement-breakpoint
CREATE TABLE `cluster` (
	`name` text PRIMARY KEY NOT NULL,
	`listed_at` text,
	`error` text,
	`pods` integer DEFAULT 0 NOT NULL,
	`images` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `running_image` (
	`occurrence_id` integer NOT NULL,
	`cluster` text NOT NULL,
	`workloads` text NOT NULL,
	`seen_at` text NOT NULL,
	PRIMARY KEY(`occurrence_id`, `cluster`),
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`cluster`) REFERENCES `cluster`(`name`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `event_inbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`registry_id` text NOT NULL,
	`event` text NOT NULL,
	`received_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `image_import` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text NOT NULL,
	`source_credentials` text,
	`registry_id` text NOT NULL,
	`repository` text NOT NULL,
	`tag` text,
	`platform` text,
	`state` text NOT NULL,
	`bytes_done` integer DEFAULT 0 NOT NULL,
	`bytes_total` integer DEFAULT 0 NOT NULL,
	`bytes_spared` integer DEFAULT 0 NOT NULL,
	`digest` text,
	`error_code` text,
	`error_message` text,
	`error_hint` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`not_before` integer DEFAULT 0 NOT NULL,
	`requested_by` text NOT NULL,
	`queued_at` text NOT NULL,
	`started_at` text,
	`finished_at` text,
	FOREIGN KEY (`registry_id`) REFERENCES `registry`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `image_import_state` ON `image_import` (`state`,`id`);--> statement-breakpoint
CREATE TABLE `notice` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`occurrence_id` integer NOT NULL,
	`at` text NOT NULL,
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `management_group` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`parent_id` text,
	`created_at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `occurrence` ADD `read_at` text;--> statement-breakpoint
ALTER TABLE `occurrence` ADD `deleted_by` text;--> statement-breakpoint
CREATE INDEX `occurrence_pulled` ON `occurrence` (`last_pulled_at`);--> statement-breakpoint
ALTER TABLE `registry` ADD `resource_group` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `credential_kind` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `credentials` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `certificate_authority` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `proxy` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `repositories` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `event_identity` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `connection_code` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `connected_at` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `reconciled_at` text;--> statement-breakpoint
ALTER TABLE `registry` ADD `last_turn_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `registry` ADD `removed_at` text;--> statement-breakpoint
ALTER TABLE `repository` ADD `tags_etag` text;--> statement-breakpoint
ALTER TABLE `repository` ADD `listed_at` text;--> statement-breakpoint
ALTER TABLE `scan` ADD `registry_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `scan` ADD `lane` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `scan` ADD `requested_by` text;--> statement-breakpoint
CREATE INDEX `scan_turn` ON `scan` (`state`,`lane`,`registry_id`,`id`);--> statement-breakpoint
ALTER TABLE `subscription` ADD `management_group_id` text DEFAULT 'tenant' NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `plan` text DEFAULT 'on' NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `plan_changed_at` text;--> statement-breakpoint
ALTER TABLE `subscription` ADD `plan_changed_by` text;--> statement-breakpoint
ALTER TABLE `subscription` ADD `cloud` text DEFAULT 'commercial' NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `trigger_push` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `trigger_pull` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `trigger_import` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `trigger_running` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `rescan_every_days` integer DEFAULT 7 NOT NULL;--> statement-breakpoint
ALTER TABLE `subscription` ADD `scan_limit_minutes` integer DEFAULT 40 NOT NULL;--> statement-breakpoint
INSERT INTO `management_group` (`id`, `name`, `parent_id`, `created_at`) VALUES ('tenant', 'Tenant', NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));--> statement-breakpoint
UPDATE `scan` SET `registry_id` = (SELECT `registry_id` FROM `repository` WHERE `repository`.`id` = `scan`.`repository_id`), `lane` = iif(`trigger` IN ('push', 'request'), 0, 1);
