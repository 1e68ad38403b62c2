"""`python -m wms_app` is `wms`."""

from wms_app.cli import main

if __name__ == "__main__":
    main()
