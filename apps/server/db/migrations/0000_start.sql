CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_user` ON `account` (`user_id`);--> statement-breakpoint
CREATE TABLE `advisory` (
	`id` integer PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`advisory_id` text NOT NULL,
	`folder` text NOT NULL,
	`hash` text NOT NULL,
	`modified_at` text,
	`withdrawn_at` text,
	`record` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `advisory_identity` ON `advisory` (`source`,`advisory_id`);--> statement-breakpoint
CREATE INDEX `advisory_folder` ON `advisory` (`source`,`folder`);--> statement-breakpoint
CREATE TABLE `advisory_affected` (
	`source` text NOT NULL,
	`feed` text NOT NULL,
	`name` text NOT NULL,
	`advisory_id` integer NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`source`, `feed`, `name`, `advisory_id`, `position`),
	FOREIGN KEY (`advisory_id`) REFERENCES `advisory`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `advisory_affected_advisory` ON `advisory_affected` (`advisory_id`);--> statement-breakpoint
CREATE TABLE `advisory_change` (
	`source` text NOT NULL,
	`feed` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`source`, `feed`, `name`)
);
--> statement-breakpoint
CREATE TABLE `advisory_source` (
	`source` text PRIMARY KEY NOT NULL,
	`location` text NOT NULL,
	`imported_at` text NOT NULL,
	`generation` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `cve_fact` (
	`source` text NOT NULL,
	`cve_id` text NOT NULL,
	`hash` text NOT NULL,
	`record` text NOT NULL,
	PRIMARY KEY(`source`, `cve_id`)
);
--> statement-breakpoint
CREATE TABLE `disable_rule` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`subscription_id` text NOT NULL,
	`name` text NOT NULL,
	`criteria` text NOT NULL,
	`justification` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`subscription_id`) REFERENCES `subscription`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `disable_rule_subscription` ON `disable_rule` (`subscription_id`);--> statement-breakpoint
CREATE TABLE `disable_rule_match` (
	`rule_id` integer NOT NULL,
	`match_id` integer NOT NULL,
	PRIMARY KEY(`rule_id`, `match_id`),
	FOREIGN KEY (`rule_id`) REFERENCES `disable_rule`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`match_id`) REFERENCES `match_fact`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `disable_rule_match_match` ON `disable_rule_match` (`match_id`,`rule_id`);--> statement-breakpoint
CREATE TABLE `evidence` (
	`id` integer PRIMARY KEY NOT NULL,
	`path` text NOT NULL,
	`layer` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evidence_place` ON `evidence` (`layer`,`path`);--> statement-breakpoint
CREATE TABLE `feed` (
	`source` text NOT NULL,
	`feed` text NOT NULL,
	`advisories` integer NOT NULL,
	`as_of` text,
	`imported_at` text NOT NULL,
	PRIMARY KEY(`source`, `feed`)
);
--> statement-breakpoint
CREATE TABLE `finding` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`occurrence_id` integer NOT NULL,
	`match_id` integer NOT NULL,
	`state` text NOT NULL,
	`class` text NOT NULL,
	`severity_rank` integer NOT NULL,
	`patchable` integer NOT NULL,
	`first_seen_at` text NOT NULL,
	`closed_at` text,
	`close_reason` text,
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`match_id`) REFERENCES `match_fact`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `finding_identity` ON `finding` (`occurrence_id`,`match_id`);--> statement-breakpoint
CREATE INDEX `finding_counts` ON `finding` (`occurrence_id`,`state`,`class`,`severity_rank`,`patchable`,`match_id`);--> statement-breakpoint
CREATE INDEX `finding_match` ON `finding` (`match_id`,`state`,`occurrence_id`,`class`,`severity_rank`,`patchable`);--> statement-breakpoint
CREATE INDEX `finding_order` ON `finding` (`state`,`class`,`severity_rank`,`id`);--> statement-breakpoint
CREATE TABLE `image` (
	`id` integer PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`media_type` text,
	`os` text,
	`architecture` text,
	`variant` text,
	`os_version` text,
	`size_bytes` integer,
	`layers` text NOT NULL,
	`distro` text,
	`inventory_coverage` text,
	`package_count` integer DEFAULT 0 NOT NULL,
	`inventoried_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `image_digest_unique` ON `image` (`digest`);--> statement-breakpoint
CREATE TABLE `image_package` (
	`image_id` integer NOT NULL,
	`package_id` integer NOT NULL,
	`evidence_id` integer NOT NULL,
	PRIMARY KEY(`image_id`, `package_id`, `evidence_id`),
	FOREIGN KEY (`image_id`) REFERENCES `image`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`package_id`) REFERENCES `package`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`evidence_id`) REFERENCES `evidence`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `image_package_package` ON `image_package` (`package_id`,`image_id`);--> statement-breakpoint
CREATE TABLE `index_member` (
	`index_digest` text NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`index_digest`, `digest`)
);
--> statement-breakpoint
CREATE INDEX `index_member_digest` ON `index_member` (`digest`,`index_digest`);--> statement-breakpoint
CREATE TABLE `invitation` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`used_at` text
);
--> statement-breakpoint
CREATE TABLE `match_cve` (
	`cve` text NOT NULL,
	`match_id` integer NOT NULL,
	PRIMARY KEY(`cve`, `match_id`),
	FOREIGN KEY (`match_id`) REFERENCES `match_fact`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `match_cve_match` ON `match_cve` (`match_id`);--> statement-breakpoint
CREATE TABLE `match_fact` (
	`id` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`vulnerability_id` text NOT NULL,
	`vulnerability_order` text NOT NULL,
	`ecosystem` text NOT NULL,
	`feed` text NOT NULL,
	`source_name` text NOT NULL,
	`source_version` text NOT NULL,
	`state` text NOT NULL,
	`severity_rank` integer NOT NULL,
	`cvss_v3` real,
	`patchable` integer NOT NULL,
	`category` text NOT NULL,
	`security_check` text NOT NULL,
	`published_at` text,
	`search_text` text NOT NULL,
	`category_folded` text NOT NULL,
	`security_check_folded` text NOT NULL,
	`record` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `match_fact_hash_unique` ON `match_fact` (`hash`);--> statement-breakpoint
CREATE INDEX `match_fact_check` ON `match_fact` (`vulnerability_id`,`security_check`);--> statement-breakpoint
CREATE INDEX `match_fact_vulnerability_order` ON `match_fact` (`vulnerability_order`);--> statement-breakpoint
CREATE INDEX `match_fact_source` ON `match_fact` (`source_name`);--> statement-breakpoint
CREATE INDEX `match_fact_cvss` ON `match_fact` (`cvss_v3`);--> statement-breakpoint
CREATE INDEX `match_fact_cvss_up` ON `match_fact` (cvss_v3 is null,`cvss_v3`);--> statement-breakpoint
CREATE INDEX `match_fact_published` ON `match_fact` (`published_at`);--> statement-breakpoint
CREATE TABLE `occurrence` (
	`id` integer PRIMARY KEY NOT NULL,
	`repository_id` integer NOT NULL,
	`digest` text NOT NULL,
	`image_id` integer,
	`pushed_at` text NOT NULL,
	`last_pulled_at` text,
	`event_at` text,
	`superseded_at` text,
	`deleted_at` text,
	`coverage_status` text DEFAULT 'not-scanned' NOT NULL,
	`coverage` text,
	`scanned_at` text,
	`scan_failed` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`image_id`) REFERENCES `image`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `occurrence_digest` ON `occurrence` (`repository_id`,`digest`);--> statement-breakpoint
CREATE INDEX `occurrence_image` ON `occurrence` (`image_id`);--> statement-breakpoint
CREATE TABLE `package` (
	`id` integer PRIMARY KEY NOT NULL,
	`ecosystem` text NOT NULL,
	`feed` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`source_name` text NOT NULL,
	`source_version` text NOT NULL,
	`arch` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `package_identity` ON `package` (`ecosystem`,`feed`,`name`,`version`,`source_name`,`source_version`,`arch`);--> statement-breakpoint
CREATE INDEX `package_source` ON `package` (`feed`,`source_name`);--> statement-breakpoint
CREATE TABLE `posture` (
	`occurrence_id` integer PRIMARY KEY NOT NULL,
	`open_critical` integer NOT NULL,
	`open_high` integer NOT NULL,
	`open_medium` integer NOT NULL,
	`open_low` integer NOT NULL,
	`open_unknown` integer NOT NULL,
	`patchable_critical` integer NOT NULL,
	`patchable_high` integer NOT NULL,
	`patchable_medium` integer NOT NULL,
	`patchable_low` integer NOT NULL,
	`patchable_unknown` integer NOT NULL,
	`disabled` integer NOT NULL,
	`undetermined` integer NOT NULL,
	`unimportant` integer NOT NULL,
	`kernel_headers` integer NOT NULL,
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `registry` (
	`id` text PRIMARY KEY NOT NULL,
	`subscription_id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`url` text,
	`connection_error` text,
	`discovered_at` text,
	`created_at` text NOT NULL,
	FOREIGN KEY (`subscription_id`) REFERENCES `subscription`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rematch` (
	`occurrence_id` integer PRIMARY KEY NOT NULL,
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `replaced` (
	`repository_id` integer NOT NULL,
	`digest` text NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`repository_id`, `digest`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `repository` (
	`id` integer PRIMARY KEY NOT NULL,
	`registry_id` text NOT NULL,
	`name` text NOT NULL,
	FOREIGN KEY (`registry_id`) REFERENCES `registry`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `repository_name` ON `repository` (`registry_id`,`name`);--> statement-breakpoint
CREATE TABLE `scan` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repository_id` integer NOT NULL,
	`digest` text NOT NULL,
	`trigger` text NOT NULL,
	`state` text NOT NULL,
	`stage` text DEFAULT 'queued' NOT NULL,
	`layers_done` integer DEFAULT 0 NOT NULL,
	`layers_total` integer DEFAULT 0 NOT NULL,
	`bytes_done` integer DEFAULT 0 NOT NULL,
	`bytes_total` integer DEFAULT 0 NOT NULL,
	`packages` integer,
	`error_code` text,
	`error_message` text,
	`error_hint` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`not_before` integer DEFAULT 0 NOT NULL,
	`lease_until` integer,
	`lease_owner` text,
	`queued_at` text NOT NULL,
	`started_at` text,
	`finished_at` text,
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `scan_active` ON `scan` (`repository_id`,`digest`) WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE INDEX `scan_state` ON `scan` (`state`,`not_before`,`id`);--> statement-breakpoint
CREATE INDEX `scan_image` ON `scan` (`repository_id`,`digest`,`id`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token_unique` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_user` ON `session` (`user_id`);--> statement-breakpoint
CREATE TABLE `setting` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subscription` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tag` (
	`repository_id` integer NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`event_at` text,
	`updated_at` text NOT NULL,
	PRIMARY KEY(`repository_id`, `name`),
	FOREIGN KEY (`repository_id`) REFERENCES `repository`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `tag_digest` ON `tag` (`repository_id`,`digest`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email_unique` ON `user` (`email`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `webhook_event` (
	`registry_id` text NOT NULL,
	`event_id` text NOT NULL,
	`received_at` text NOT NULL,
	PRIMARY KEY(`registry_id`, `event_id`),
	FOREIGN KEY (`registry_id`) REFERENCES `registry`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_event_age` ON `webhook_event` (`received_at`);