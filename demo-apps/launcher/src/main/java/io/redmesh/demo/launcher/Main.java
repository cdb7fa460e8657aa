package io.redmesh.demo.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/**
 * The launcher of the demo: starts all processes and keeps them running, or plays a
 * scenario. Called by <code>demo-apps/run</code>.
 */
public final class Main {

	private static final String TRY = """

			Open  %1$s/
			Try   curl %1$s/orders/7       calls one of three orders; answeredBy names it
			      curl %1$s/stock/tea      calls one of two inventory
			      curl %1$s/shop/7         calls both services
			      curl %1$s/actuator/mesh  the instances as the storefront sees them
			      curl %2$s/v1/namespaces/default/services/orders
			      curl -N %2$s/v1/namespaces/default/watch
			Then  kill one of the processes, and call again.

			Logs are in demo-apps/logs. Ctrl-C stops everything.""";

	private Main() {
	}

	public static void main(String[] arguments) throws Exception {
		Options options;
		try {
			options = Options.parse(List.of(arguments));
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.err.println("See demo-apps/run --help.");
			System.exit(2);
			return;
		}
		ProcessHandle.current().parent().ifPresent(Main::endWith);
		System.exit(run(options) ? 0 : 1);
	}

	/**
	 * Ends this process when the script that started it ends. So no process is left if
	 * the script is killed.
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // It ends the JVM.
	private static void endWith(ProcessHandle script) {
		script.onExit().thenRun(() -> System.exit(1));
	}

	private static boolean run(Options options) throws Exception {
		Path root = Path.of("").toAbsolutePath();
		if (!options.faults()) {
			return run(options, options.compose() ? new ComposeFleet(root)
					: new ProcessFleet(root, options.redis(), options.registries(), options.partition()), null);
		}
		try (RedisServer redis = new RedisServer(root.resolve("demo-apps/logs"))) {
			return run(options, new ProcessFleet(root, redis.url(), options.registries(), false), redis);
		}
	}

	private static boolean run(Options options, Fleet started, @Nullable RedisServer redis) throws Exception {
		Console console = new Console(System.out);
		try (Fleet fleet = started) {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(fleet, redis), "stop"));
			fleet.start(console);
			try (Watch watch = new Watch(Probe.CLIENT, fleet.registries())) {
				if (!Scenario.awaitAll(fleet, watch)) {
					console.step("not all apps registered; the registry lists %s; see demo-apps/logs", watch.sizes());
					return false;
				}
				console.step("all apps are registered and respond");
				if (redis != null) {
					Witnesses witnesses = new Witnesses(fleet.registries(),
							List.of("orders", "inventory", "storefront"));
					return tell(new FaultScenario(fleet, redis, witnesses, console, options.rate()).play(), console);
				}
				if (options.partition() && fleet instanceof ProcessFleet processes) {
					return tell(new PartitionScenario(processes, console, options.rate()).play(), console);
				}
				if (options.check()) {
					return tell(new Scenario(fleet, watch, console, options.rate()).play(), console);
				}
				console.say(TRY.formatted(fleet.storefront(), fleet.registries().get(0)));
				new CountDownLatch(1).await();
				return true;
			}
		}
	}

	/** Stops the apps before Redis, without which they could not deregister. */
	private static void stop(Fleet fleet, @Nullable RedisServer redis) {
		fleet.close();
		if (redis != null) {
			redis.close();
		}
	}

	private static boolean tell(Report report, Console console) {
		console.step("done\n");
		console.say(report.render());
		console.say(report.passed() ? "PASSED" : "FAILED");
		return report.passed();
	}

}
