CREATE TABLE `rule_effect` (
	`occurrence_id` integer NOT NULL,
	`rule_id` integer NOT NULL,
	`disables` integer NOT NULL,
	`newest_at` text NOT NULL,
	PRIMARY KEY(`occurrence_id`, `rule_id`),
	FOREIGN KEY (`occurrence_id`) REFERENCES `occurrence`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`rule_id`) REFERENCES `disable_rule`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `rule_effect_rule` ON `rule_effect` (`rule_id`,`occurrence_id`,`disables`,`newest_at`);--> statement-breakpoint
DROP INDEX `disable_rule_scope`;--> statement-breakpoint
CREATE INDEX `disable_rule_scope` ON `disable_rule` (`scope_kind`,`scope_id`) WHERE ended_at is null;
--> statement-breakpoint
INSERT INTO `rule_effect` (`occurrence_id`, `rule_id`, `disables`, `newest_at`)
SELECT o.id, dm.rule_id, count(*), max(f.first_seen_at)
FROM occurrence o
	CROSS JOIN finding f ON f.occurrence_id = o.id AND f.state IN ('open', 'undetermined') AND f.class = 'security'
	CROSS JOIN disable_rule_match dm ON dm.match_id = f.match_id
	CROSS JOIN rule_set_rule sr ON sr.set_id = o.rule_set_id AND sr.rule_id = dm.rule_id
WHERE o.rule_set_id IS NOT NULL
GROUP BY o.id, dm.rule_id;
