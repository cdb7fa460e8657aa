package io.redmesh.registry.store.memory;

import io.redmesh.core.time.Time;
import io.redmesh.registry.store.RegistryStore;
import io.redmesh.registry.store.RuleStoreContract;

class MemoryRuleStoreTests extends RuleStoreContract {

	private RegistryStore store = new MemoryRegistryStore(Time.system());

	@Override
	protected RegistryStore store() {
		return this.store;
	}

	@Override
	protected void loseEverything() {
		this.store = new MemoryRegistryStore(Time.system());
	}

}
