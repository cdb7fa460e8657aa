/**
 * Traffic rules: their documents in YAML and JSON, the operations that write, read and
 * analyze them, and their lines in a backup.
 */
@NullMarked
package io.redmesh.registry.rule;

import org.jspecify.annotations.NullMarked;
