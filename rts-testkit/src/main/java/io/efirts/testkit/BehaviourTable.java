// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.spi.Firmware;
import java.util.Arrays;

/**
 * Behaviours by a number, never changed once made. A map would box every number that it looks up,
 * and a call must not allocate.
 */
record BehaviourTable(long[] keys, Firmware[] behaviours) {
  static final BehaviourTable EMPTY = new BehaviourTable(new long[0], new Firmware[0]);

  /** The same table with one entry more, or another behaviour at a number it has. */
  BehaviourTable with(long key, Firmware behaviour) {
    int index = indexOf(key);
    int length = index < keys.length ? keys.length : keys.length + 1;
    long[] allKeys = Arrays.copyOf(keys, length);
    Firmware[] allBehaviours = Arrays.copyOf(behaviours, length);
    allKeys[index] = key;
    allBehaviours[index] = behaviour;
    return new BehaviourTable(allKeys, allBehaviours);
  }

  Firmware get(long key, Firmware otherwise) {
    int index = indexOf(key);
    return index < keys.length ? behaviours[index] : otherwise;
  }

  private int indexOf(long key) {
    int index = 0;
    while (index < keys.length && keys[index] != key) {
      index++;
    }
    return index;
  }
}
