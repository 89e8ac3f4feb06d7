// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.step.StorageStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * I-28 over random lives: firmware writes until its thread is stopped somewhere, its crash entry
 * writes until that one's thread is stopped too, or nobody's is; then the image goes to a new
 * firmware, twice over. Stopped threads go on at any later time and change nothing.
 */
class CrashSequenceTest {
  private static final String[] NAMES = {"A", "AB", "B", "Bootlike"};
  private static final int ATTRIBUTES = 7;
  private static final int CALLS = 6;
  private static final int FARTHEST_STEP = 14;

  /** Threads that are still stopped. */
  private final List<StoppedCall> stopped = new ArrayList<>();

  private Map<String, String> model = new TreeMap<>();

  @Property(tries = 150, seed = "20")
  void whoeverHasTheImageFindsAndKeepsWhatWasCommitted(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    model = new TreeMap<>();
    Machine machine = Machine.over(NvImage.inMemory(NvLayout.OVMF_2M).storage());
    try {
      for (int life = 0; life < 3; life++) {
        live(machine, machine.owner(), random);
        live(machine, machine.crash(), random);
        machine = machine.successor();
        assertEquals(model, machine.owner().variables());
      }
      while (!stopped.isEmpty()) {
        stopped.removeLast().goOn();
        assertEquals(model, machine.owner().variables());
      }
      assertEquals(model, machine.reopened());
    } finally {
      stopped.forEach(StoppedCall::close);
      stopped.clear();
    }
  }

  /** Some calls, the last of which may be stopped. */
  private void live(Machine machine, FirmwareHarness firmware, Random random) throws Exception {
    assertEquals(model, firmware.variables());
    int calls = random.nextInt(CALLS);
    for (int i = 0; i < calls; i++) {
      goOnSometimes(random);
      makeCall(firmware, random);
      assertEquals(model, firmware.variables());
    }
    if (random.nextInt(3) > 0) {
      makeCallThatStops(machine, firmware, random);
    }
  }

  /** After the first call of whoever has taken over from them. */
  private void goOnSometimes(Random random) throws InterruptedException {
    if (!stopped.isEmpty() && random.nextInt(6) == 0) {
      stopped.remove(random.nextInt(stopped.size())).goOn();
    }
  }

  private void makeCall(FirmwareHarness firmware, Random random) {
    Map<String, String> before = new HashMap<>(model);
    Change change = Change.random(random);
    EfiStatus status = EfiStatus.of(change.make(firmware));
    change.on(model);
    EfiStatus expected = before.equals(model) && change.deletes() ? EfiStatus.NOT_FOUND : status;
    assertEquals(expected, status);
    assertTrue(status.equals(EfiStatus.SUCCESS) || change.deletes(), status::toString);
  }

  private void makeCallThatStops(Machine machine, FirmwareHarness firmware, Random random)
      throws Exception {
    Change change = Change.random(random);
    Map<String, String> done = new TreeMap<>(model);
    change.on(done);
    StorageStep[] steps = StorageStep.values();
    StoppedCall call =
        StoppedCall.at(
            machine.storage(),
            steps[random.nextInt(steps.length)],
            1 + random.nextInt(FARTHEST_STEP),
            () -> change.make(firmware));
    if (call == null) {
      model = done;
      return;
    }
    stopped.add(call);
    Map<String, String> found = machine.reopened();
    assertTrue(found.equals(model) || found.equals(done), () -> "found " + found);
    model = found;
  }

  /** A variable gets a value, more bytes, or is deleted. */
  private record Change(String name, int attributes, byte[] data) {
    static Change random(Random random) {
      String name = NAMES[random.nextInt(NAMES.length)];
      byte[] data = new byte[random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(60)];
      random.nextBytes(data);
      boolean appends = data.length > 0 && random.nextInt(4) == 0;
      return new Change(name, appends ? ATTRIBUTES | FirmwareHarness.APPEND : ATTRIBUTES, data);
    }

    boolean deletes() {
      return data.length == 0;
    }

    long make(FirmwareHarness firmware) {
      return firmware.set(name, Deed.GUID, attributes, data);
    }

    void on(Map<String, String> model) {
      String value = HexFormat.of().formatHex(data);
      if (deletes()) {
        model.remove(name);
      } else if (attributes == ATTRIBUTES) {
        model.put(name, value);
      } else {
        model.merge(name, value, String::concat);
      }
    }
  }
}
