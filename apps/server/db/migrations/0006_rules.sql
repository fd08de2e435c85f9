CREATE TABLE `rule_set` (
	`id` integer PRIMARY KEY NOT NULL,
	`rules` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rule_set_rules_unique` ON `rule_set` (`rules`);--> statement-breakpoint
CREATE TABLE `rule_set_change` (
	`id` integer PRIMARY KEY NOT NULL,
	`occurrence_id` integer NOT NULL,
	`set_id` integer,
	`at` text NOT NULL,
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`set_id`) REFERENCES `rule_set`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `rule_set_change_occurrence` ON `rule_set_change` (`occurrence_id`,`id`);--> statement-breakpoint
CREATE TABLE `rule_set_rule` (
	`set_id` integer NOT NULL,
	`rule_id` integer NOT NULL,
	PRIMARY KEY(`set_id`, `rule_id`),
	FOREIGN KEY (`set_id`) REFERENCES `rule_set`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`rule_id`) REFERENCES `disable_rule`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `rule_set_rule_rule` ON `rule_set_rule` (`rule_id`,`set_id`);--> statement-breakpoint
CREATE TABLE `__new_disable_rule` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`scope_kind` text NOT NULL,
	`scope_id` text NOT NULL,
	`repository_pattern` text,
	`tag_pattern` text,
	`digest` text,
	`criteria_match` text DEFAULT 'any' NOT NULL,
	`criteria` text NOT NULL,
	`overrides` integer DEFAULT false NOT NULL,
	`until_fixed` integer DEFAULT false NOT NULL,
	`reason` text,
	`justification` text NOT NULL,
	`owner` text DEFAULT '' NOT NULL,
	`expires_at` text,
	`origin` text DEFAULT 'portal' NOT NULL,
	`saved_by` text NOT NULL,
	`saved_at` text NOT NULL,
	`judged` integer DEFAULT false NOT NULL,
	`ended_at` text,
	`ended_by` text,
	`end` text
);
--> statement-breakpoint
INSERT INTO `__new_disable_rule`("id", "number", "name", "scope_kind", "scope_id", "criteria", "justification", "saved_by", "saved_at") SELECT "id", "id", "name", 'subscription', "subscription_id", json_insert("criteria", '$.packages', json('[]'), '$.ecosystems', json('[]'), '$.distributions', json('[]'), '$.epssBelow', NULL, '$.kev', NULL), "justification", "created_by", "created_at" FROM `disable_rule`;--> statement-breakpoint
DROP TABLE `disable_rule`;--> statement-breakpoint
ALTER TABLE `__new_disable_rule` RENAME TO `disable_rule`;--> statement-breakpoint
CREATE INDEX `disable_rule_number` ON `disable_rule` (`number`);--> statement-breakpoint
CREATE INDEX `disable_rule_scope` ON `disable_rule` (`scope_kind`,`scope_id`);--> statement-breakpoint
CREATE INDEX `disable_rule_live` ON `disable_rule` (`id`) WHERE ended_at is null;--> statement-breakpoint
ALTER TABLE `occurrence` ADD `rule_set_id` integer;--> statement-breakpoint
CREATE INDEX `occurrence_rule_set` ON `occurrence` (`rule_set_id`,`id`);--> statement-breakpoint
ALTER TABLE `registry` DROP COLUMN `recount_from`;