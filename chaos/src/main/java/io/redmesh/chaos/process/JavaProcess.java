package io.redmesh.chaos.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM with the class path of this one. */
public class JavaProcess extends RestartableProcess {

	private final List<String> command = new ArrayList<>();

	/**
	 * Creates the process without starting it.
	 * @param directory the directory of its log
	 * @param name the name of its log
	 * @param main the name of the class to run
	 * @param arguments its arguments
	 */
	public JavaProcess(Path directory, String name, String main, List<String> arguments) {
		super(directory, name + ".log");
		this.command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms32m",
				"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",
				System.getProperty("java.class.path"), main));
		this.command.addAll(arguments);
	}

	/** Starts the process without waiting. */
	public void start() {
		launch(this.command);
	}

}
