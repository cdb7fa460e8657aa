package io.redmesh.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processor time that processes have used, as Linux counts it. */
public final class CpuTime {

	// USER_HZ: the same on every Linux that runs Java.
	private static final double TICKS_PER_SECOND = 100;

	private CpuTime() {
	}

	/** Returns the seconds in user and kernel mode, one figure for each process. */
	public static double[] of(List<ProcessHandle> processes) throws IOException {
		double[] seconds = new double[processes.size()];
		for (int i = 0; i < seconds.length; i++) {
			String stat = Files.readString(Path.of("/proc", Long.toString(processes.get(i).pid()), "stat"));
			// The name, in parentheses, may hold spaces; the third field follows it.
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			seconds[i] = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
		}
		return seconds;
	}

}
