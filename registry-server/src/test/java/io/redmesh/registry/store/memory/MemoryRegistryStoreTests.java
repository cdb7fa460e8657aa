package io.redmesh.registry.store.memory;

import java.time.Duration;

import io.redmesh.core.time.ManualTime;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RegistryStoreContract;

class MemoryRegistryStoreTests extends RegistryStoreContract {

	private final ManualTime time = new ManualTime();

	private RegistryStore store = new MemoryRegistryStore(this.time);

	@Override
	protected RegistryStore store() {
		return this.store;
	}

	@Override
	protected void passTime(Duration duration) {
		this.time.forward(duration);
	}

	@Override
	protected void loseEverything() {
		this.store = new MemoryRegistryStore(this.time);
	}

}
