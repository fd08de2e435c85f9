CREATE TABLE `finding_change` (
	`id` integer PRIMARY KEY NOT NULL,
	`finding_id` integer NOT NULL,
	`at` text NOT NULL,
	`patchable_before` integer NOT NULL,
	`closed_at` text,
	`close_reason` text,
	FOREIGN KEY (`finding_id`) REFERENCES `finding`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `finding_change_finding` ON `finding_change` (`finding_id`,`id`);--> statement-breakpoint
CREATE TABLE `score_cause` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text,
	`name` text NOT NULL,
	`by` text
);
--> statement-breakpoint
CREATE INDEX `score_cause_at` ON `score_cause` (`at`);--> statement-breakpoint
CREATE TABLE `score_snapshot` (
	`day` text NOT NULL,
	`subscription_id` text NOT NULL,
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
	PRIMARY KEY(`day`, `subscription_id`)
);
