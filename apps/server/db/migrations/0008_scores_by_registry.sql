-- Earlier days were written down for a whole subscription: theirs have no registry.
CREATE TABLE `__new_score_snapshot` (
	`day` text NOT NULL,
	`subscription_id` text NOT NULL,
	`registry_id` text DEFAULT '' NOT NULL,
	`registries_unhealthy` integer NOT NULL,
	`registries_healthy` integer NOT NULL,
	`registries_not_applicable` integer NOT NULL,
	`images_unhealthy` integer NOT NULL,
	`images_healthy` integer NOT NULL,
	`images_undecided` integer NOT NULL,
	`images_not_applicable` integer NOT NULL,
	`images_not_scanned` integer NOT NULL,
	`images_failed` integer NOT NULL,
	`open_critical` integer NOT NULL,
	`open_high` integer NOT NULL,
	`open_medium` integer NOT NULL,
	`open_low` integer NOT NULL,
	`open_unknown` integer NOT NULL,
	`fixable` integer NOT NULL,
	`disabled` integer NOT NULL,
	PRIMARY KEY(`day`, `subscription_id`, `registry_id`)
);
--> statement-breakpoint
INSERT INTO `__new_score_snapshot`(`day`, `subscription_id`, `registry_id`, `registries_unhealthy`, `registries_healthy`, `registries_not_applicable`, `images_unhealthy`, `images_healthy`, `images_undecided`, `images_not_applicable`, `images_not_scanned`, `images_failed`, `open_critical`, `open_high`, `open_medium`, `open_low`, `open_unknown`, `fixable`, `disabled`) SELECT `day`, `subscription_id`, '', `registries_unhealthy`, `registries_healthy`, `registries_not_applicable`, `images_unhealthy`, `images_healthy`, `images_undecided`, `images_not_applicable`, `images_not_scanned`, `images_failed`, `open_critical`, `open_high`, `open_medium`, `open_low`, `open_unknown`, `fixable`, `disabled` FROM `score_snapshot`;--> statement-breakpoint
DROP TABLE `score_snapshot`;--> statement-breakpoint
ALTER TABLE `__new_score_snapshot` RENAME TO `score_snapshot`;--> statement-breakpoint
ALTER TABLE `score_cause` ADD `subscription_ids` text;