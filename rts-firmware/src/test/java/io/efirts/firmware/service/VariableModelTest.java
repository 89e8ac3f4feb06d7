// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.MiniParser;
import io.efirts.firmware.images.RecordedImages;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random calls give what a plain map gives, also after a reset that leaves only the bytes. */
class VariableModelTest {
  private static final EfiGuid[] GUIDS = {
    EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb4426f"),
    EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb44270")
  };
  private static final String[] NAMES = {"A", "AB", "B", "\u00E9\uD800\u55AA"};
  private static final int[] ATTRIBUTES = {2, 3, 6, 7};

  private record Key(String name, EfiGuid guid) {}

  private record Value(int attributes, byte[] data) {}

  private final Map<Key, Value> model = new LinkedHashMap<>();
  private NvImage image;
  private FirmwareHarness guest;

  private void boot() {
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  @Property(tries = 100, seed = "20")
  void behavesLikeAMap(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    model.clear(); // one instance serves all tries
    image = NvImage.inMemory(NvLayout.OVMF_4M);
    boot();
    for (int i = 0; i < 60; i++) {
      Key key = new Key(NAMES[random.nextInt(NAMES.length)], GUIDS[random.nextInt(GUIDS.length)]);
      switch (random.nextInt(12)) {
        case 0 -> reopen();
        case 1, 2 -> delete(key);
        case 3, 4 -> append(key, random);
        case 5 -> enumerate();
        case 6, 7 -> read(key);
        default -> set(key, random);
      }
    }
    for (String name : NAMES) {
      for (EfiGuid guid : GUIDS) {
        read(new Key(name, guid));
      }
    }
    enumerate();
    checkBytes();
  }

  private void set(Key key, Random random) {
    byte[] data = new byte[1 + random.nextInt(100)];
    random.nextBytes(data);
    Value old = model.get(key);
    int attributes = ATTRIBUTES[random.nextInt(ATTRIBUTES.length)];
    long status = guest.set(key.name, key.guid, attributes, data);
    if (old != null && old.attributes != attributes) {
      assertStatus(EfiStatus.INVALID_PARAMETER, status);
    } else {
      assertStatus(EfiStatus.SUCCESS, status);
      model.put(key, new Value(attributes, data));
    }
  }

  private void append(Key key, Random random) {
    byte[] more = new byte[random.nextInt(20)];
    random.nextBytes(more);
    Value old = model.get(key);
    int attributes = old == null ? 3 : old.attributes;
    assertStatus(
        EfiStatus.SUCCESS,
        guest.set(key.name, key.guid, attributes | FirmwareHarness.APPEND, more));
    ByteArrayOutputStream merged = new ByteArrayOutputStream();
    if (old != null) {
      merged.writeBytes(old.data);
    }
    merged.writeBytes(more);
    if (merged.size() > 0) {
      model.put(key, new Value(attributes, merged.toByteArray()));
    }
  }

  private void delete(Key key) {
    Value old = model.remove(key);
    int attributes = old == null ? 7 : old.attributes;
    assertStatus(
        old == null ? EfiStatus.NOT_FOUND : EfiStatus.SUCCESS,
        guest.delete(key.name, key.guid, attributes));
  }

  private void read(Key key) {
    Value value = model.get(key);
    long status = guest.get(key.name, key.guid);
    if (value == null) {
      assertStatus(EfiStatus.NOT_FOUND, status);
    } else {
      assertStatus(EfiStatus.SUCCESS, status);
      assertEquals(value.attributes, guest.attributes());
      assertArrayEquals(value.data, guest.data());
    }
  }

  private void enumerate() {
    Set<Key> seen = new HashSet<>();
    guest.pokeName("");
    long status = guest.next();
    int count = 0;
    while (EfiStatus.of(status).equals(EfiStatus.SUCCESS)) {
      seen.add(new Key(guest.name(), guest.guid()));
      count++;
      status = guest.next();
    }
    assertStatus(EfiStatus.NOT_FOUND, status);
    assertEquals(model.keySet(), seen);
    assertEquals(seen.size(), count);
  }

  private void reopen() throws Exception {
    byte[] bytes = image.storage().content().toArray(ValueLayout.JAVA_BYTE);
    image = NvImage.of(RecordedImages.storage(bytes));
    boot();
    model.values().removeIf(value -> (value.attributes & FirmwareHarness.NV) == 0);
  }

  private void checkBytes() {
    byte[] bytes = image.storage().content().toArray(ValueLayout.JAVA_BYTE);
    long nonVolatile = model.values().stream().filter(value -> (value.attributes & 1) != 0).count();
    Map<String, MiniParser.Entry> values = MiniParser.values(bytes);
    assertEquals(nonVolatile, values.size());
    for (Map.Entry<Key, Value> variable : model.entrySet()) {
      if ((variable.getValue().attributes & 1) != 0) {
        assertEquals(
            1,
            values.values().stream()
                .filter(entry -> entry.name().equals(variable.getKey().name))
                .filter(entry -> Arrays.equals(entry.data(), variable.getValue().data))
                .limit(1)
                .count());
      }
    }
  }
}
