package io.redmesh.registry.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/** A transition of a namespace: a file of Lua that Redis runs as a whole. */
enum LuaScript {

	REGISTER("make"), RENEW(""), DEREGISTER(""), STATUS(""), OVERRIDE(""), EVICT(""), SUSPECT(""), REFUSED(""),
	RESTORE(""),

	LOAD("make"),

	RULE("make"), RAN(""),

	FORGET(""),

	SNAPSHOT(""), HEAD("");

	private final String allowed;

	private final String source;

	private final String digest;

	LuaScript(String allowed) {
		this.allowed = allowed;
		this.source = read("epoch") + read("lease") + read(name().toLowerCase(Locale.ROOT));
		this.digest = sha1(this.source);
	}

	/**
	 * Runs the script. Sends its source only if Redis does not have it.
	 * @param commands the commands of the connection
	 * @param namespace the namespace
	 * @param arguments the script's own arguments
	 * @return the response: lineage, epoch, revision, and what the script adds
	 */
	CompletionStage<List<Object>> run(RedisClusterAsyncCommands<String, String> commands, RedisNamespace namespace,
			String... arguments) {
		return run(commands, "", namespace, arguments);
	}

	/**
	 * Runs the script on a connection that knows which Redis it has connected to.
	 * @param commands the commands of the connection
	 * @param replid Redis' replication id, or empty
	 * @param namespace the namespace
	 * @param arguments the script's own arguments
	 * @return the response: lineage, epoch, revision, and what the script adds
	 */
	CompletionStage<List<Object>> run(RedisClusterAsyncCommands<String, String> commands, String replid,
			RedisNamespace namespace, String... arguments) {
		String[] keys = namespace.keys();
		String[] values = namespace.arguments(this.allowed, replid, arguments);
		return commands.<List<Object>>evalsha(this.digest, ScriptOutputType.MULTI, keys, values)
			.exceptionallyCompose((failure) -> (failure instanceof RedisNoScriptException)
					? commands.eval(this.source, ScriptOutputType.MULTI, keys, values)
					: CompletableFuture.failedFuture(failure))
			.whenComplete((answer, failure) -> {
				if (failure != null && isBehind(failure)) {
					namespace.noteBehind();
				}
			});
	}

	/**
	 * Returns whether a script failed because Redis knows less than was seen before.
	 * @param failure the failure of a script
	 * @return whether Redis is behind
	 */
	static boolean isBehind(Throwable failure) {
		return failure.getMessage() != null && failure.getMessage().contains("BEHIND ");
	}

	private static String read(String name) {
		String path = "/redis/" + name + ".lua";
		try (InputStream stream = Objects.requireNonNull(LuaScript.class.getResourceAsStream(path), path)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String sha1(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
