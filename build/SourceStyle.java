// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * Checks, or applies, the licence header and Google Java Format on every Java file below a
 * directory. Run by the build with google-java-format on the class path; see the root {@code
 * pom.xml}.
 */
final class SourceStyle {
  private static final String HEADER =
      """
      // SPDX-License-Identifier: Apache-2.0
      // Copyright the efi-rts authors
      """;

  private SourceStyle() {}

  /** Takes {@code check} or {@code apply} and the directory; exits with 1 if a file is wrong. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2 || !(args[0].equals("check") || args[0].equals("apply"))) {
      throw new IllegalArgumentException("arguments must be check|apply and a directory");
    }
    boolean apply = args[0].equals("apply");
    List<Path> sources = sourcesBelow(Path.of(args[1]));
    boolean headersRight = headers(sources, apply);
    boolean formatRight = format(sources, apply);
    if (!(headersRight && formatRight)) {
      System.err.println("to put this right: mvn -N -Pformat process-sources");
      System.exit(1);
    }
  }

  private static List<Path> sourcesBelow(Path root) throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes ignored) {
            String name = directory.getFileName().toString();
            boolean ours =
                directory.equals(root) || !(name.equals("target") || name.startsWith("."));
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes ignored) {
            if (file.toString().endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  private static boolean headers(List<Path> sources, boolean apply) throws IOException {
    boolean right = true;
    for (Path source : sources) {
      String text = Files.readString(source);
      if (text.startsWith(HEADER)) {
        continue;
      }
      if (apply) {
        Files.writeString(source, HEADER + text);
      } else {
        System.err.println("no licence header: " + source);
        right = false;
      }
    }
    return right;
  }

  private static boolean format(List<Path> sources, boolean apply) {
    List<String> arguments =
        new ArrayList<>(
            apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    sources.forEach(source -> arguments.add(source.toString()));
    return ToolProvider.findFirst("google-java-format")
            .orElseThrow(
                () -> new IllegalStateException("google-java-format must be on the class path"))
            .run(System.err, System.err, arguments.toArray(String[]::new))
        == 0;
  }
}
