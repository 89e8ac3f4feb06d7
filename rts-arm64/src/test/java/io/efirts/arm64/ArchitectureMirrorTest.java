// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The modules of the two architectures have the same files, but for those whose reason {@code
 * not-mirrored.txt} gives, and no file twice: what is the same for both is in rts-api.
 */
class ArchitectureMirrorTest {
  private static final String EXCEPTIONS = "not-mirrored.txt";
  private static final Pattern EXCEPTION =
      Pattern.compile("(?<module>x86|arm64) +(?<file>\\S+\\.java) +(?<reason>\\S.*\\S)");

  /** One module's source files: the name without the architecture's, to the text without it. */
  private static Map<String, String> sources(String module, String type) throws IOException {
    Path root = Path.of("..", "rts-" + module, "src", "main", "java", "io", "efirts", module);
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
        String text = Files.readString(file);
        sources.put(name.replace(type, "*"), text.replace(module, "*").replace(type, "*"));
      }
    }
    return sources;
  }

  private static Map<String, String> x86() throws IOException {
    return sources("x86", "X86");
  }

  private static Map<String, String> arm64() throws IOException {
    return sources("arm64", "Arm64");
  }

  /** Module and file, as the list has them. */
  private static Set<String> found() throws IOException {
    Map<String, String> x86 = x86();
    Map<String, String> arm64 = arm64();
    Set<String> found = new TreeSet<>();
    x86.keySet().stream()
        .filter(name -> !arm64.containsKey(name))
        .forEach(n -> found.add("x86 " + n));
    arm64.keySet().stream()
        .filter(name -> !x86.containsKey(name))
        .forEach(n -> found.add("arm64 " + n));
    return found;
  }

  private static Set<String> explained() throws IOException {
    Set<String> explained = new TreeSet<>();
    try (InputStream in =
        Objects.requireNonNull(ArchitectureMirrorTest.class.getResourceAsStream(EXCEPTIONS))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        Matcher exception = EXCEPTION.matcher(line);
        assertTrue(exception.matches(), () -> "line must be module, file, reason: " + line);
        assertTrue(
            explained.add(exception.group("module") + " " + exception.group("file")),
            () -> "file must be listed once: " + line);
      }
    }
    return explained;
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  @Test
  void everyFileThatOneArchitectureAloneHasIsExplained() throws IOException {
    assertEquals(Set.of(), without(found(), explained()), "explain or mirror, or move to rts-api");
  }

  @Test
  void everyExplanationIsOfAFileThatOneArchitectureAloneHas() throws IOException {
    assertEquals(Set.of(), without(explained(), found()), "take out of " + EXCEPTIONS);
  }

  @Test
  void noFileIsTheSameInBoth() throws IOException {
    Map<String, String> x86 = x86();
    Map<String, String> arm64 = arm64();
    x86.keySet().retainAll(arm64.keySet());
    assertFalse(x86.isEmpty(), "the two have files in common");
    x86.keySet().removeIf(name -> name.endsWith("package-info.java"));
    x86.entrySet().removeIf(file -> !file.getValue().equals(arm64.get(file.getKey())));
    assertEquals(Set.of(), x86.keySet(), "move to rts-api");
  }
}
